variable "fields" {
  type = list(string)
}

locals {
  sites = toset(["query", "cookies", "default", "open", "times", "undelivered"])
}

resource "aws_s3_bucket" "files" {
  for_each = local.sites

  bucket = "${each.key}-example-com"
}

resource "aws_cloudfront_origin_access_control" "files" {
  name                              = "files"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "site" {
  for_each = local.sites

  enabled = true
  aliases = ["${each.key}.example.com"]

  origin {
    origin_id                = "files"
    domain_name              = aws_s3_bucket.files[each.key].bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.files.id
  }

  default_cache_behavior {
    target_origin_id       = "files"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6" # Managed-CachingOptimized
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

resource "aws_cloudwatch_log_delivery_source" "site" {
  for_each = local.sites

  name         = "log-of-${each.key}"
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.site[each.key].arn
}

resource "aws_cloudwatch_log_delivery_destination" "logs" {
  name = "logs"

  delivery_destination_configuration {
    destination_resource_arn = "arn:aws:s3:::logs-example-com"
  }
}

resource "aws_cloudwatch_log_delivery" "query" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.site["query"].name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.logs.arn
  record_fields            = ["date", "time", "cs-uri-query"]
}

resource "aws_cloudwatch_log_delivery" "cookies" {
  delivery_source_name     = "log-of-cookies"
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.logs.arn
  record_fields            = ["date", "cs(Cookie)"]
}

resource "aws_cloudwatch_log_delivery" "default" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.site["default"].name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.logs.arn
}

resource "aws_cloudwatch_log_delivery" "open" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.site["open"].name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.logs.arn
  record_fields            = var.fields
}

resource "aws_cloudwatch_log_delivery" "times" {
  delivery_source_name     = aws_cloudwatch_log_delivery_source.site["times"].name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.logs.arn
  record_fields            = ["date", "time"]
}
