resource "terraform_data" "x" {
  for_each = { b = 1, a = "x", "c d" = true }
  input = "${each.key}=${each.value}"
}
resource "terraform_data" "y" {
  input = { for k, v in terraform_data.x : k => v.input }
}
resource "terraform_data" "z" {
  input = terraform_data.x["c d"].input
}
resource "terraform_data" "v" {
  input = values(terraform_data.x)[*].input
}
