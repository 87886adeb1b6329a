variable "a" { default = "d" }
variable "b" {
  default  = "d"
  nullable = false
}
output "all" { value = [var.a, var.b] }
