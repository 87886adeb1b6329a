variable "v" {
  type    = object({ a = optional(string, "d"), b = optional(string) })
  default = { a = null, b = null }
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
