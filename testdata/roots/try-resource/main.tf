resource "terraform_data" "a" {
  input = { k = 1 }
}
resource "terraform_data" "b" {
  input = try(terraform_data.a.input.zz, "none")
}
resource "terraform_data" "c" {
  input = can(terraform_data.a.input.k)
}
