resource "terraform_data" "x" {
  for_each = { for p in setproduct(["a", "b"], ["1", "2"]) : join("-", p) => p }
  input = each.value
}
