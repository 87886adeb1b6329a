variable "v" {
  type    = map(number)
  default = { a = "1", b = 2 }
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
