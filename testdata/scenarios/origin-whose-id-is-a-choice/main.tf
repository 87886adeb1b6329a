resource "aws_cloudfront_distribution" "d" {
  enabled = true
  origin {
    domain_name = aws_instance.web.public_dns
    origin_id   = var.x ? "app" : "spare"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  dynamic "origin" {
    for_each = var.x ? [] : [1]
    content {
      domain_name = aws_instance.web.public_dns
      origin_id   = "app"
      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only"
        origin_ssl_protocols   = ["TLSv1.2"]
      }
    }
  }

  default_cache_behavior {
    target_origin_id       = "app"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
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

variable "x" { type = bool }
