locals {
  sizes = { default = 1, prod = 3 }
}
resource "terraform_data" "x" {
  input = local.sizes[terraform.workspace]
}
resource "terraform_data" "y" {
  input = terraform.workspace == "prod" ? "p" : "d"
}
