variable "v" {
  type    = any
  default = { a = [1, "x"], b = null }
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
