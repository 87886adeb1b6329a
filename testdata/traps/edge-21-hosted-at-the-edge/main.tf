resource "cloudflare_workers_custom_domain" "api" {
  account_id  = "0123"
  zone_id     = "4567"
  hostname    = "api.example.org"
  service     = "api"
  environment = "production"
}

resource "cloudflare_r2_custom_domain" "files" {
  account_id  = "0123"
  zone_id     = "4567"
  bucket_name = "files"
  domain      = "files.example.org"
  enabled     = true
}

resource "cloudflare_r2_custom_domain" "off" {
  account_id  = "0123"
  zone_id     = "4567"
  bucket_name = "off"
  domain      = "off.example.org"
  enabled     = false
}
