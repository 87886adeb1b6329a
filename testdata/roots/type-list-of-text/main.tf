variable "v" {
  type    = list(string)
  default = [1, "b", true]
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
