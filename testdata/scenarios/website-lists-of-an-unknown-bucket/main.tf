provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "far"
  region = "us-east-1"
}

resource "aws_cloudfront_origin_access_control" "signed" {
  name                              = "signed"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

variable "bucket" {
  type        = string
  description = "The bucket of the public downloads"
}

resource "aws_s3_bucket_acl" "downloads" {
  bucket = var.bucket
  acl    = "public-read"
}

resource "aws_s3_bucket" "near" {
  bucket   = "near-example-com"
}

resource "aws_s3_bucket_website_configuration" "near" {
  bucket   = aws_s3_bucket.near.id

  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_policy" "near" {
  bucket   = aws_s3_bucket.near.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.near.arn}/*"
    }]
  })
}

resource "aws_cloudfront_distribution" "near" {
  enabled = true

  origin {
    origin_id                = "near"
    domain_name              = aws_s3_bucket.near.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.signed.id
  }

  default_cache_behavior {
    target_origin_id       = "near"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6" # Managed-CachingOptimized
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

resource "aws_s3_bucket" "far" {
  provider = aws.far
  bucket   = "far-example-com"
}

resource "aws_s3_bucket_website_configuration" "far" {
  provider = aws.far
  bucket   = aws_s3_bucket.far.id

  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_policy" "far" {
  provider = aws.far
  bucket   = aws_s3_bucket.far.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.far.arn}/*"
    }]
  })
}

resource "aws_cloudfront_distribution" "far" {
  enabled = true

  origin {
    origin_id                = "far"
    domain_name              = aws_s3_bucket.far.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.signed.id
  }

  default_cache_behavior {
    target_origin_id       = "far"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6" # Managed-CachingOptimized
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
