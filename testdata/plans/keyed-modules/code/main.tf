# Two services from one module, one of which speaks plaintext to its servers.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "token" {
  type      = string
  sensitive = true
  default   = "not-a-secret"
}

locals {
  services = {
    api   = { protocol = "HTTPS", port = 8443 }
    pages = { protocol = "HTTP", port = 8080 }
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "public" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
}

module "service" {
  source   = "./service"
  for_each = local.services

  name     = each.key
  protocol = each.value.protocol
  port     = each.value.port
  vpc_id   = aws_vpc.main.id
  subnets  = aws_subnet.public[*].id
  token    = var.token
}

output "hosts" {
  value = { for name, service in module.service : name => service.host }
}
