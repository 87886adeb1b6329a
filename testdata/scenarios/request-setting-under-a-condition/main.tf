variable "force_https" {
  type        = bool
  description = "Whether requests without TLS are sent to https://"
}

resource "fastly_service_vcl" "shop" {
  name = "shop"

  domain {
    name = "shop.example.com"
  }

  backend {
    name              = "shop"
    address           = aws_instance.shop.public_dns
    port              = 443
    use_ssl           = true
    ssl_check_cert    = true
    ssl_cert_hostname = "shop.example.com"
  }

  dynamic "request_setting" {
    for_each = var.force_https ? [1] : []
    content {
      name      = "force-https"
      force_ssl = true
    }
  }
}

resource "fastly_service_vcl" "api" {
  name = "api"

  domain {
    name = "api.example.com"
  }

  backend {
    name              = "api"
    address           = aws_instance.api.public_dns
    port              = 443
    use_ssl           = true
    ssl_check_cert    = true
    ssl_cert_hostname = "api.example.com"
  }

  request_setting {
    name      = "force-https"
    force_ssl = true
  }
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}

resource "aws_instance" "api" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}
