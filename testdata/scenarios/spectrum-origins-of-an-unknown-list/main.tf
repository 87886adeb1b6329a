variable "plain_origins" {
  type        = list(string)
  description = "Hosts whose plain port is published too"
}

resource "cloudflare_zone" "main" {
  account_id = "0123"
  zone       = "example.com"
}

resource "cloudflare_spectrum_application" "plain" {
  zone_id      = cloudflare_zone.main.id
  protocol     = "tcp/1883"
  traffic_type = "direct"
  tls          = "off"
  origin_port  = 1883

  dns {
    type = "CNAME"
    name = "plain.example.com"
  }

  dynamic "origin_dns" {
    for_each = var.plain_origins
    content {
      name = origin_dns.value
    }
  }
}

resource "cloudflare_spectrum_application" "tls" {
  zone_id      = cloudflare_zone.main.id
  protocol     = "tcp/8883"
  traffic_type = "direct"
  tls          = "off"
  origin_port  = 8883

  dns {
    type = "CNAME"
    name = "broker.example.com"
  }

  origin_dns {
    name = aws_instance.broker.public_dns
  }
}

resource "aws_instance" "broker" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}
