variable "n" {}
resource "terraform_data" "inner" {
  input = var.n
}
output "n" { value = terraform_data.inner.input }
