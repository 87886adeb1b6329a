
data "cloudflare_zone" "z" { filter = { name = "example.com" } }

variable "zone_id" { type = string }
resource "cloudflare_ruleset" "cfg" {
  zone_id = data.cloudflare_zone.z.id
  name    = "x"
  kind    = "zone"
  phase   = "http_config_settings"
  rules = [{
    action            = "set_config"
    expression        = "(http.host eq \"shop.example.com\")"
    enabled           = true
    action_parameters = { ssl = "flexible" }
  }]
}
