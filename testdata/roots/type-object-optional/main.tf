variable "v" {
  type    = object({ name = string, port = optional(number, 80), tls = optional(bool), tags = optional(map(string), {}) })
  default = { name = "web" }
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
