variable "on" { default = true }
resource "terraform_data" "x" {
  count = var.on ? 1 : 0
  input = "n"
}
resource "terraform_data" "no" {
  count = var.on ? 0 : 1
  input = "n"
}
resource "terraform_data" "y" {
  input = one(terraform_data.x[*].input)
}
