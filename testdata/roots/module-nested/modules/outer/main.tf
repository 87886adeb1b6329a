variable "env" {}
module "inner" {
  source   = "../inner"
  for_each = toset(["a", "b"])
  name     = "${var.env}-${each.key}"
}
output "all" { value = { for k, m in module.inner : k => m.name } }
