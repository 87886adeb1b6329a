resource "terraform_data" "x" {
  for_each = { a = 1, b = 2 }
  input = each.value
}
resource "terraform_data" "y" {
  for_each = terraform_data.x
  input = each.value.input * 10
}
