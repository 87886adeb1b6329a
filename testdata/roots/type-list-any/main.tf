variable "v" {
  type    = list(any)
  default = [1, "x"]
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
