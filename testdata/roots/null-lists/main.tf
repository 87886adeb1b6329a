variable "arns" {
  type    = list(string)
  default = null
}
resource "terraform_data" "x" {
  input = {
    direct = coalescelist(var.arns, ["*"])
    tried  = try(coalescelist(var.arns, ["*"]), ["fallback"])
    plain  = try(coalescelist(null, ["*"]), ["fallback"])
  }
}
