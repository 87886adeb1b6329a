resource "cloudflare_zone" "main" {
  account = { id = "0123" }
  name    = "example.com"
}

resource "cloudflare_zone_setting" "always_use_https" {
  zone_id    = cloudflare_zone.main.id
  setting_id = "always_use_https"
  value      = "on"
}

resource "cloudflare_dns_record" "shop" {
  zone_id = cloudflare_zone.main.id
  name    = "shop.example.com"
  type    = "CNAME"
  content = "${cloudflare_zero_trust_tunnel_cloudflared.t.id}.cfargotunnel.com"
  ttl     = 1
  proxied = true
}

resource "cloudflare_zero_trust_tunnel_cloudflared" "t" {
  account_id = "0123"
  name       = "t"
}

resource "cloudflare_zero_trust_tunnel_cloudflared_config" "t" {
  account_id = "0123"
  tunnel_id  = cloudflare_zero_trust_tunnel_cloudflared.t.id
  source     = var.x ? "local" : "cloudflare"
  config     = { ingress = [{ service = "https://${aws_instance.shop.private_dns}"  }] }
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}

variable "x" { type = bool }
