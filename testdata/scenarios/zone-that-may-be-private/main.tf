variable "x" { type = bool }

resource "aws_cloudfront_distribution" "d" {
  enabled = true
  origin {
    domain_name = "api.example.com"
    origin_id   = "app"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id       = "app"
    allowed_methods        = ["GET","HEAD"]
    cached_methods         = ["GET","HEAD"]
    viewer_protocol_policy = "https-only"
  }
  viewer_certificate { cloudfront_default_certificate = true }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
}

resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "t3.small"
}

resource "aws_instance" "old" {
  ami           = "ami-1"
  instance_type = "t3.small"
}

resource "aws_route53_zone" "priv" {
  name = "example.com"
  dynamic "vpc" {
    for_each = var.x ? [1] : []
    content { vpc_id = "vpc-1" }
  }
}

resource "aws_route53_record" "priv" {
  zone_id = aws_route53_zone.priv.zone_id
  name    = "api.example.com"
  type    = "A"
  ttl     = 60
  records = [aws_eip.priv.public_ip]
}

resource "aws_eip" "priv" { instance = aws_instance.web.id }
