variable "name" {}
resource "terraform_data" "inner" {
  input = var.name
}
output "label" { value = "${terraform_data.inner.input}!" }
