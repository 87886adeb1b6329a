variable "n" {}
variable "key" {}
resource "terraform_data" "inner" {
  count = var.n
  input = [var.key, var.n]
}
output "n" { value = terraform_data.inner[*].input }
