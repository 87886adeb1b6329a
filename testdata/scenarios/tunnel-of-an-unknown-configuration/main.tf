variable "tunnel" {
  type        = any
  description = "Configuration of the tunnel: its ingress rules and origin settings"
}

resource "cloudflare_zone" "main" {
  account = { id = "0123" }
  name    = "example.com"
}

resource "cloudflare_zero_trust_tunnel_cloudflared" "office" {
  account_id = "0123"
  name       = "office"
}

resource "cloudflare_zero_trust_tunnel_cloudflared_config" "office" {
  account_id = "0123"
  tunnel_id  = cloudflare_zero_trust_tunnel_cloudflared.office.id
  config     = var.tunnel
}

resource "cloudflare_dns_record" "office" {
  zone_id = cloudflare_zone.main.id
  name    = "office.example.com"
  type    = "CNAME"
  content = "${cloudflare_zero_trust_tunnel_cloudflared.office.id}.cfargotunnel.com"
  ttl     = 1
  proxied = true
}

resource "cloudflare_zone_setting" "always_use_https" {
  zone_id    = cloudflare_zone.main.id
  setting_id = "always_use_https"
  value      = "on"
}

resource "fastly_service_vcl" "shop" {
  name = "shop"

  domain {
    name = "shop.example.com"
  }

  backend {
    name    = "shop"
    address = aws_instance.shop.public_dns
    port    = 443
    use_ssl = true
  }

  request_setting {
    name      = "force-https"
    force_ssl = true
  }
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}
