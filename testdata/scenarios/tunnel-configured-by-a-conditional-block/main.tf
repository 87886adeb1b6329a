resource "cloudflare_tunnel" "t" {
  account_id = "0123"
  name       = "t"
  secret     = "x"
}

resource "cloudflare_tunnel_config" "t" {
  account_id = "0123"
  tunnel_id  = cloudflare_tunnel.t.id
  dynamic "config" {
    for_each = var.x ? [1] : []
    content {
      ingress_rule {
        service = "https://${aws_instance.shop.private_dns}"
      }
    }
  }
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}

variable "x" { type = bool }
