variable "production" {
  type        = bool
  description = "Whether this is the zone of production"
}

resource "cloudflare_zone" "main" {
  account_id = "0123"
  zone       = "example.com"
}

resource "cloudflare_zone_settings_override" "main" {
  zone_id = cloudflare_zone.main.id

  dynamic "settings" {
    for_each = var.production ? [1] : []
    content {
      ssl              = "strict"
      always_use_https = "on"
      min_tls_version  = "1.2"
    }
  }
}

resource "cloudflare_record" "shop" {
  zone_id = cloudflare_zone.main.id
  name    = "shop"
  type    = "CNAME"
  content = aws_instance.shop.public_dns
  proxied = true
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}
