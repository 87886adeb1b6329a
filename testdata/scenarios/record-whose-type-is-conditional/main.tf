variable "open" {
  type        = bool
  description = "Whether the shop is open at its second name; until then the name holds a note"
}

resource "cloudflare_zone" "main" {
  account_id = "0123"
  zone       = "example.net"
}

resource "cloudflare_zone_settings_override" "main" {
  zone_id = cloudflare_zone.main.id

  settings {
    ssl              = "flexible"
    always_use_https = "on"
  }
}

resource "cloudflare_record" "shop" {
  zone_id = cloudflare_zone.main.id
  name    = "shop.example.net"
  type    = var.open ? "CNAME" : "TXT"
  content = var.open ? aws_instance.shop.public_dns : "\"opens in spring\""
  proxied = var.open
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

