variable "v" {
  type    = string
  default = 42
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
