resource "terraform_data" "x" {
  for_each = { for n in range(6) : "k${n}" => n if n % 2 == 0 }
  input = each.value
}
