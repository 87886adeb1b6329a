variable "uploads" {
  type = string
}
variable "stage" {
  type = string
}
data "aws_region" "here" {}
resource "aws_s3_bucket" "uploads" {
  bucket = var.uploads
}
resource "aws_s3_bucket" "photos" {
  bucket = "photos-${var.stage}"
}
resource "aws_cloudfront_distribution" "site" {
  enabled = true
  origin {
    origin_id   = "uploads"
    domain_name = "${var.uploads}.s3.amazonaws.com"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  origin {
    origin_id   = "photos"
    domain_name = "photos-${var.stage}.s3.${data.aws_region.here.name}.amazonaws.com"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "uploads"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
  }
  ordered_cache_behavior {
    path_pattern           = "/photos/*"
    target_origin_id       = "photos"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
