resource "cloudflare_zone" "shop" {
  account_id = "0123456789abcdef"
  zone       = "example.com"
}

resource "cloudflare_zone_settings_override" "shop" {
  zone_id = cloudflare_zone.shop.id

  settings {
    always_use_https = "on"
    ssl              = "flexible"
    min_tls_version  = "1.2"
  }
}

# The site is served at Cloudflare's edge: its record leads to no origin.
resource "cloudflare_pages_project" "site" {
  account_id        = "0123456789abcdef"
  name              = "site"
  production_branch = "main"
}

resource "cloudflare_pages_domain" "site" {
  account_id   = "0123456789abcdef"
  project_name = cloudflare_pages_project.site.name
  domain       = "www.example.com"
}

resource "cloudflare_record" "site" {
  zone_id = cloudflare_zone.shop.id
  name    = "www"
  content = cloudflare_pages_project.site.subdomain
  type    = "CNAME"
  proxied = true
}

# The bare name only redirects: the address is one that nobody has.
resource "cloudflare_record" "bare" {
  zone_id = cloudflare_zone.shop.id
  name    = "example.com"
  content = "192.0.2.1"
  type    = "A"
  proxied = true
}

resource "cloudflare_ruleset" "bare" {
  zone_id = cloudflare_zone.shop.id
  name    = "redirect"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules {
    action     = "redirect"
    expression = "http.host eq \"example.com\""
    enabled    = true

    action_parameters {
      from_value {
        status_code = 301
        target_url {
          value = "https://www.example.com/"
        }
      }
    }
  }
}
