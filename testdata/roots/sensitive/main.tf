variable "secret" {
  default   = "hunter2"
  sensitive = true
}
resource "terraform_data" "a" {
  input = var.secret
}
resource "terraform_data" "b" {
  input = nonsensitive(length(var.secret))
}
resource "terraform_data" "c" {
  input = 1
}
