variable "cidr" { default = "10.0.0.0/16" }
locals {
  zones = ["a", "b", "c"]
}
resource "terraform_data" "subnets" {
  input = { for i, z in local.zones : z => cidrsubnet(var.cidr, 8, i) }
}
resource "terraform_data" "more" {
  input = cidrsubnets(var.cidr, 4, 4, 8)
}
resource "terraform_data" "h" {
  input = [for z in local.zones : cidrhost(cidrsubnet(var.cidr, 8, index(local.zones, z)), 5)]
}
