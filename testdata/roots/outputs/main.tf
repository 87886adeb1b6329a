resource "terraform_data" "a" {
  input = "v"
}
output "o" { value = terraform_data.a.input }
output "l" { value = [for i in range(3) : i * i] }
