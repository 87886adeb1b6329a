resource "fastly_service_vcl" "site" {
  name = "site"
  domain {
    name = "www.example.com"
  }
  request_setting {
    name      = "https"
    force_ssl = true
  }
  backend {
    name           = "origin"
    address        = "origin.example.com"
    port           = 443
    use_ssl        = true
    ssl_check_cert = false
  }
}
