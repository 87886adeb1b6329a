resource "terraform_data" "a" {
  input = true ? 1 : "x"
}
resource "terraform_data" "b" {
  input = true ? { a = 1 } : {}
}
resource "terraform_data" "c" {
  input = false ? null : ["a"]
}
resource "terraform_data" "d" {
  input = [for s in true ? ["a"] : [] : s]
}
resource "terraform_data" "e" {
  input = true ? [{ a = 1 }] : []
}
