# Older and longer spellings of references.
resource "terraform_data" "part" {
  count = 2
  input = [{ name = "n${count.index}", ports = [80, 443] }]
}

resource "terraform_data" "dotted" {
  count = 2
  input = terraform_data.part.*.input.0.name[count.index]
}

resource "terraform_data" "pieces" {
  input = {
    each  = terraform_data.part.*.input.0
    ports = terraform_data.part.*.input.0.ports
    after = terraform_data.part.*.input[1]
    full  = terraform_data.part[*].input[0].name
    one   = terraform_data.part.0.input.0.ports.1
  }
}

resource "terraform_data" "long" {
  input = resource.terraform_data.part[1].input[0].name
}

variable "shops" {
  type = map(object({ ports = map(any), names = list(any) }))
  default = {
    a = { ports = { http = 80 }, names = [1] }
    b = { ports = { https = "443", off = true }, names = ["x", 2] }
  }
}

resource "terraform_data" "any" {
  for_each = var.shops
  input    = each.value
}

locals {
  settings = { name = "s", on = true, port = 1 }
}

resource "terraform_data" "settings" {
  for_each = true ? local.settings : {}
  input    = each.value
}

resource "terraform_data" "kept" {
  for_each = fileexists("${path.module}/main.tf") ? { a = { asn = 1 }, b = { asn = 2, ips = [] } } : tomap({})
  input    = each.value.asn
}
