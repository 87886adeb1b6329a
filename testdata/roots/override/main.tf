variable "v" { default = "main" }
locals {
  a = 1
  b = 2
}
resource "terraform_data" "x" {
  input = "main"
}
resource "terraform_data" "y" {
  input = [var.v, local.a, local.b]
}
