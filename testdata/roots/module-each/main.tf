module "m" {
  source   = "./m"
  for_each = { a = 1, b = 2 }
  key      = each.key
  n        = each.value
}
resource "terraform_data" "x" {
  input = { for k, v in module.m : k => v.n }
}
