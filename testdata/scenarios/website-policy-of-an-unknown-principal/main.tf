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

data "aws_ssm_parameter" "reader" {
  name = "/site/reader"
}

data "aws_iam_role" "reader" {
  name = "reader"
}

resource "aws_s3_bucket" "by_parameter" {
  bucket   = "by_parameter-example-com"
}

resource "aws_s3_bucket_website_configuration" "by_parameter" {
  bucket   = aws_s3_bucket.by_parameter.id

  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_policy" "by_parameter" {
  bucket   = aws_s3_bucket.by_parameter.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = data.aws_ssm_parameter.reader.value }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.by_parameter.arn}/*"
    }]
  })
}

resource "aws_cloudfront_distribution" "by_parameter" {
  enabled = true

  origin {
    origin_id                = "by_parameter"
    domain_name              = aws_s3_bucket.by_parameter.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.signed.id
  }

  default_cache_behavior {
    target_origin_id       = "by_parameter"
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

resource "aws_s3_bucket" "by_role" {
  bucket   = "by_role-example-com"
}

resource "aws_s3_bucket_website_configuration" "by_role" {
  bucket   = aws_s3_bucket.by_role.id

  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_policy" "by_role" {
  bucket   = aws_s3_bucket.by_role.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = data.aws_iam_role.reader.arn }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.by_role.arn}/*"
    }]
  })
}

resource "aws_cloudfront_distribution" "by_role" {
  enabled = true

  origin {
    origin_id                = "by_role"
    domain_name              = aws_s3_bucket.by_role.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.signed.id
  }

  default_cache_behavior {
    target_origin_id       = "by_role"
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
