variable "v" {
  type    = tuple([string, number])
  default = [1, "2"]
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
