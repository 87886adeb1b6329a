variable "n" { type = number }
resource "terraform_data" "t" {
  input = var.n
}
output "next" { value = var.n + 1 }
