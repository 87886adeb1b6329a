locals {
  groups = { a = ["x", "y"], b = ["z"] }
  pairs = flatten([for g, us in local.groups : [for u in us : { g = g, u = u }]])
}
resource "terraform_data" "x" {
  for_each = { for p in local.pairs : "${p.g}.${p.u}" => p }
  input = each.value.u
}
