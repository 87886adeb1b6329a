variable "a" { default = { x = 1, y = "z" } }
locals { b = var.a.y }
resource "terraform_data" "a" { input = local.b }
