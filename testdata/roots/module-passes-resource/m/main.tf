variable "res" {}
resource "terraform_data" "t" {
  input = var.res.input.k
}
