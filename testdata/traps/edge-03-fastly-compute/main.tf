resource "fastly_service_compute" "shop" {
  name = "shop"

  domain {
    name = "www.example.com"
  }

  backend {
    name              = "origin"
    address           = "origin.example.com"
    port              = 443
    use_ssl           = true
    ssl_cert_hostname = "origin.example.com"
  }

  package {
    filename = "package.tar.gz"
  }
}

resource "fastly_service_vcl" "shop" {
  name = "shop"

  domain {
    name = "old.example.com"
  }
}
