resource "terraform_data" "x" {
  for_each = { "a\"b" = 1, "c\\d" = 2, "été" = 3, "a.b/c" = 4 }
  input = each.value
}
