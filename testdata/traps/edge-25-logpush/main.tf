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
  value      = "strict"
}

resource "cloudflare_logpush_job" "requests" {
  zone_id          = cloudflare_zone.main.id
  name             = "requests"
  dataset          = "http_requests"
  enabled          = true
  destination_conf = "s3://logs/requests?region=eu-west-1"
  output_options = {
    field_names = ["ClientIP", "Cookies", "EdgeResponseStatus"]
  }
}
