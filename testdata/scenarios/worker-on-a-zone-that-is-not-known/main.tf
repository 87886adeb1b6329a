resource "cloudflare_zone" "main" {
  account = { id = "0123" }
  name    = "example.com"
}

resource "cloudflare_zone_setting" "ssl" {
  zone_id    = cloudflare_zone.main.id
  setting_id = "ssl"
  value      = "strict"
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
  content = aws_instance.shop.public_dns
  ttl     = 1
  proxied = true
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}

variable "zone_id" { type = string }
resource "cloudflare_workers_route" "w" {
  zone_id = var.zone_id
  pattern = "shop.example.com/*"
  script  = "peek"
}
