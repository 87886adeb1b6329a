locals {
  defaults = { a = 1, nested = { x = 1, y = 2 } }
  given    = { b = 2, nested = { y = 3 } }
}
resource "terraform_data" "a" {
  input = merge(local.defaults, local.given, { nested = merge(local.defaults.nested, local.given.nested) })
}
