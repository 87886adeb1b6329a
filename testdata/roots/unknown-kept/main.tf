resource "terraform_data" "a" {
  input = "x"
}
resource "terraform_data" "b" {
  input = keys({ a = terraform_data.a.id, b = 1 })
}
resource "terraform_data" "c" {
  input = lookup({ a = terraform_data.a.id, b = 1 }, "b", 0)
}
resource "terraform_data" "d" {
  input = merge({ a = terraform_data.a.id }, { b = 2 }).b
}
resource "terraform_data" "e" {
  input = concat([terraform_data.a.id], ["x"])[1]
}
resource "terraform_data" "f" {
  input = contains([terraform_data.a.id, "k"], "k")
}
