locals {
  zones = toset([
    "page-rule", "page-rule-for-a-path", "page-rule-beside-another", "page-rule-for-https", "ruleset", "ruleset-for-the-host",
    "ruleset-for-another-host", "ruleset-to-http", "ruleset-that-is-off", "no-rule",
  ])
}

resource "cloudflare_zone" "main" {
  for_each = local.zones

  account = { id = "0123" }
  name    = "${each.key}.example"
}

resource "cloudflare_zone_setting" "ssl" {
  for_each = local.zones

  zone_id    = cloudflare_zone.main[each.key].id
  setting_id = "ssl"
  value      = "strict"
}

resource "cloudflare_dns_record" "shop" {
  for_each = local.zones

  zone_id = cloudflare_zone.main[each.key].id
  name    = "shop.${each.key}.example"
  type    = "CNAME"
  content = aws_instance.shop[each.key].public_dns
  ttl     = 1
  proxied = true
}

resource "aws_instance" "shop" {
  for_each = local.zones

  ami                    = "ami-0a1b2c3d4e5f60718"
  instance_type          = "t3.small"
  vpc_security_group_ids = [aws_security_group.shop.id]
}

resource "aws_security_group" "shop" {
  vpc_id = "vpc-0a1b2c3d4e5f60718"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["173.245.48.0/20"]
  }
}

resource "cloudflare_page_rule" "all" {
  zone_id = cloudflare_zone.main["page-rule"].id
  target  = "http://*page-rule.example/*"
  status  = "active"

  actions {
    always_use_https = true
  }
}

resource "cloudflare_page_rule" "path" {
  zone_id = cloudflare_zone.main["page-rule-for-a-path"].id
  target  = "http://shop.page-rule-for-a-path.example/orders/*"
  status  = "active"

  actions {
    always_use_https = true
  }
}

resource "cloudflare_page_rule" "one" {
  zone_id = cloudflare_zone.main["page-rule-beside-another"].id
  target  = "http://shop.page-rule-beside-another.example/*"
  status  = "active"

  actions {
    always_use_https = true
  }
}

resource "cloudflare_page_rule" "another" {
  zone_id = cloudflare_zone.main["page-rule-beside-another"].id
  target  = "shop.page-rule-beside-another.example/images/*"
  status  = "active"

  actions {
    cache_level = "cache_everything"
  }
}

resource "cloudflare_page_rule" "https" {
  zone_id = cloudflare_zone.main["page-rule-for-https"].id
  target  = "https://shop.page-rule-for-https.example/*"
  status  = "active"

  actions {
    always_use_https = true
  }
}

resource "cloudflare_ruleset" "redirect" {
  for_each = {
    ruleset                  = { expression = "(not ssl)", scheme = "https", enabled = true }
    ruleset-for-the-host     = { expression = "(http.host eq \"shop.ruleset-for-the-host.example\" and not ssl)", scheme = "https", enabled = true }
    ruleset-for-another-host = { expression = "(http.host eq \"www.ruleset-for-another-host.example\" and not ssl)", scheme = "https", enabled = true }
    ruleset-to-http          = { expression = "not ssl", scheme = "http", enabled = true }
    ruleset-that-is-off      = { expression = "not ssl", scheme = "https", enabled = false }
  }

  zone_id = cloudflare_zone.main[each.key].id
  name    = "redirect"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [{
    action     = "redirect"
    expression = each.value.expression
    enabled    = each.value.enabled
    action_parameters = {
      from_value = {
        status_code = 301
        target_url = {
          expression = "concat(\"${each.value.scheme}://\", http.host, http.request.uri.path)"
        }
      }
    }
  }]
}
