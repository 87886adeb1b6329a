resource "cloudflare_zone" "main" {
  account = { id = "0123" }
  name    = "example.org"
}

resource "cloudflare_dns_record" "shop" {
  zone_id = cloudflare_zone.main.id
  name    = "shop.example.org"
  type    = "CNAME"
  content = "origin.example.net"
  ttl     = 1
  proxied = true
}

resource "cloudflare_zone_setting" "always_use_https" {
  zone_id    = cloudflare_zone.main.id
  setting_id = "always_use_https"
  value      = "on"
}

resource "cloudflare_zone_setting" "ssl" {
  zone_id    = cloudflare_zone.main.id
  setting_id = "ssl"
  value      = "full"
}

resource "cloudflare_keyless_certificate" "shop" {
  zone_id     = cloudflare_zone.main.id
  host        = "keys.example.com"
  certificate = "-----BEGIN CERTIFICATE-----"
}

resource "cloudflare_authenticated_origin_pulls_settings" "main" {
  zone_id = cloudflare_zone.main.id
  enabled = true
}

resource "cloudflare_origin_ca_certificate" "origin" {
  csr                = "-----BEGIN CERTIFICATE REQUEST-----"
  hostnames          = ["shop.example.org"]
  request_type       = "origin-rsa"
  requested_validity = 365
}

resource "cloudflare_regional_hostname" "shop" {
  zone_id    = cloudflare_zone.main.id
  hostname   = "shop.example.org"
  region_key = "eu"
}

resource "cloudflare_total_tls" "main" {
  zone_id = cloudflare_zone.main.id
  enabled = true
}
