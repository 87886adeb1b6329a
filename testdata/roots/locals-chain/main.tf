locals {
  a = 1
  b = local.a + 1
  c = { for k in ["x", "y"] : k => local.b }
}
locals {
  d = merge(local.c, { z = local.a })
}
resource "terraform_data" "x" {
  input = local.d
}
