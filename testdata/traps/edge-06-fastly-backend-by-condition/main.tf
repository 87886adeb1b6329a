resource "fastly_service_vcl" "site" {
  name = "site"
  domain {
    name = "www.example.com"
  }
  request_setting {
    name      = "https"
    force_ssl = true
  }
  condition {
    name      = "old pages"
    type      = "REQUEST"
    statement = "req.url ~ \"^/old/\""
  }
  backend {
    name    = "origin"
    address = "origin.example.com"
    port    = 443
    use_ssl = true
  }
  backend {
    name              = "old"
    address           = "origin.example.com"
    port              = 80
    request_condition = "old pages"
  }
}
