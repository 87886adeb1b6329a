# Provider version 4. The hostname is another company's; the origin is a proxied record of this zone.
resource "cloudflare_zone" "main" {
  account_id = "0123"
  zone       = "example.org"
}

resource "cloudflare_zone_settings_override" "main" {
  zone_id = cloudflare_zone.main.id
  settings {
    ssl              = "flexible"
    always_use_https = "on"
    min_tls_version  = "1.0"
  }
}

resource "cloudflare_record" "fallback" {
  zone_id = cloudflare_zone.main.id
  name    = "fallback"
  type    = "A"
  value   = "192.0.2.7"
  proxied = true
}

resource "cloudflare_custom_hostname_fallback_origin" "main" {
  zone_id = cloudflare_zone.main.id
  origin  = "fallback.example.org"
}

resource "cloudflare_custom_hostname" "shop" {
  zone_id  = cloudflare_zone.main.id
  hostname = "shop.example.net"
  ssl {
    method = "txt"
    settings {
      min_tls_version = "1.2"
    }
  }
}

resource "cloudflare_custom_hostname" "own" {
  zone_id              = cloudflare_zone.main.id
  hostname             = "own.example.net"
  custom_origin_server = "fallback.example.org"
  ssl {
    method = "txt"
  }
}
