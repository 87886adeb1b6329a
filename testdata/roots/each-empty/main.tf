resource "terraform_data" "x" {
  for_each = {}
  input = each.value
}
resource "terraform_data" "y" {
  input = keys(terraform_data.x)
}
