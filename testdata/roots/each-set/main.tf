resource "terraform_data" "x" {
  for_each = toset(["b", "a"])
  input = [each.key, each.value]
}
