resource "terraform_data" "inner" {
  input = 1
}
output "n" { value = 1 }
