variable "public_key" {
  type        = string
  description = "RSA public key whose private half only the payments service has"
}

resource "aws_cloudfront_public_key" "cards" {
  name        = "cards"
  encoded_key = var.public_key
}

resource "aws_cloudfront_field_level_encryption_profile" "cards" {
  name = "cards"

  encryption_entities {
    items {
      public_key_id = aws_cloudfront_public_key.cards.id
      provider_id   = "payments"

      field_patterns {
        items = ["card_number"]
      }
    }
  }
}

resource "aws_cloudfront_field_level_encryption_config" "cards" {
  content_type_profile_config {
    forward_when_content_type_is_unknown = false

    content_type_profiles {
      items {
        content_type = "application/x-www-form-urlencoded"
        format       = "URLEncoded"
        profile_id   = aws_cloudfront_field_level_encryption_profile.cards.id
      }
    }
  }

  query_arg_profile_config {
    forward_when_query_arg_profile_is_unknown = false
  }
}

resource "aws_cloudfront_distribution" "site" {
  enabled    = true
  web_acl_id = aws_wafv2_web_acl.site.arn

  origin {
    origin_id   = "app"
    domain_name = "app.example.com"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  # CloudFront encrypts the field at the edge: it reads it before.
  default_cache_behavior {
    target_origin_id          = "app"
    viewer_protocol_policy    = "https-only"
    allowed_methods           = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods            = ["GET", "HEAD"]
    cache_policy_id           = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    field_level_encryption_id = aws_cloudfront_field_level_encryption_config.cards.id
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}

resource "aws_wafv2_web_acl" "site" {
  name  = "site"
  scope = "CLOUDFRONT"

  default_action {
    allow {}
  }

  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "site"
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_logging_configuration" "site" {
  resource_arn            = aws_wafv2_web_acl.site.arn
  log_destination_configs = ["arn:aws:s3:::aws-waf-logs-site"]
}
