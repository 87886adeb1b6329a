variable "v" {
  type    = list(object({ host = string, paths = optional(list(object({ path = string, weight = optional(number, 1) })), []) }))
  default = [{ host = "a", paths = [{ path = "/" }] }, { host = "b" }]
}
resource "terraform_data" "a" {
  input = var.v
}
resource "terraform_data" "b" {
  input = jsonencode(var.v)
}
