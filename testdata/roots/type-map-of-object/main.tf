variable "v" {
  type    = map(object({ cidr = string, public = optional(bool, false) }))
  default = { b = { cidr = "10.0.1.0/24" }, a = { cidr = "10.0.0.0/24", public = true } }
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
