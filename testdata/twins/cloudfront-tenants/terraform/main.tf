resource "aws_cloudfront_multitenant_distribution" "shops" {
  enabled = true
  comment = "Shops of all customers"

  origin {
    id          = "shop"
    domain_name = "{{backend}}"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id       = "shop"
    viewer_protocol_policy = "redirect-to-https"
    cache_policy_id        = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  tenant_config {
    parameter_definition {
      name = "backend"

      definition {
        string_schema {
          required = true
        }
      }
    }
  }
}

resource "aws_cloudfront_distribution_tenant" "first" {
  name            = "first"
  distribution_id = aws_cloudfront_multitenant_distribution.shops.id
  enabled         = true

  domain {
    domain = "first.example.com"
  }

  parameter {
    name  = "backend"
    value = "first.backend.example.com"
  }
}

resource "aws_cloudfront_distribution_tenant" "second" {
  name            = "second"
  distribution_id = aws_cloudfront_multitenant_distribution.shops.id
  enabled         = true

  domain {
    domain = "second.example.com"
  }
}
