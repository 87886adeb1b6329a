variable "v" {
  type    = map(any)
  default = { a = 1, b = "x" }
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
