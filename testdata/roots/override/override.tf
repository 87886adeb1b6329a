variable "v" { default = "override" }
locals {
  b = 3
}
resource "terraform_data" "x" {
  input = "overridden"
}
