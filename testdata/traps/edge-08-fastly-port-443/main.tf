resource "fastly_service_vcl" "site" {
  name = "site"
  domain {
    name = "www.example.com"
  }
  request_setting {
    name      = "https"
    force_ssl = true
  }
  # `use_ssl` is absent: the port alone encrypts nothing.
  backend {
    name              = "origin"
    address           = "origin.example.com"
    port              = 443
    ssl_cert_hostname = "origin.example.com"
    ssl_sni_hostname  = "origin.example.com"
    min_tls_version   = "1.2"
    shield            = "frankfurt-de"
  }
}
