variable "log_buckets" {
  type        = list(string)
  description = "Bucket for the access log; empty where none is kept"
}

resource "aws_cloudfront_distribution" "portal" {
  enabled = true
  aliases = ["portal.example.com"]

  origin {
    origin_id   = "portal"
    domain_name = "portal-origin.example.com"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id       = "portal"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" # Managed-CachingDisabled
  }

  dynamic "logging_config" {
    for_each = var.log_buckets
    content {
      bucket          = logging_config.value
      include_cookies = true
    }
  }

  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/4d3c2b1a"
    minimum_protocol_version = "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}
