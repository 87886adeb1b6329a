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

resource "cloudflare_page_rule" "all" {
  zone_id = cloudflare_zone.main.id
  target  = "shop.example.org/*"
  status  = "active"
  actions = {
    ssl = "strict"
  }
}

resource "cloudflare_ruleset" "settings" {
  zone_id = cloudflare_zone.main.id
  name    = "settings"
  kind    = "zone"
  phase   = "http_config_settings"
  rules = [{
    expression = "true"
    action     = "set_config"
    action_parameters = {
      ssl = "flexible"
    }
  }]
}
