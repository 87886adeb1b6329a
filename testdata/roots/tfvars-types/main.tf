variable "list" { type = list(string) }
variable "port" { type = number }
variable "on" {}
resource "terraform_data" "x" {
  input = [var.list, var.port, var.on]
}
