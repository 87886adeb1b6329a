variable "v" {
  type    = set(string)
  default = ["b", "a", "b"]
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
