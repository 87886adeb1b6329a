resource "aws_s3_bucket" "site" {
  bucket = "example-site"
}

resource "aws_s3_bucket_website_configuration" "site" {
  bucket = aws_s3_bucket.site.id
  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_public_access_block" "site" {
  bucket                  = aws_s3_bucket.site.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket" "www" {
  bucket = "www.example.com"
}

resource "aws_s3_bucket_website_configuration" "www" {
  bucket = aws_s3_bucket.www.bucket
  redirect_all_requests_to {
    host_name = "example.com"
    protocol  = "https"
  }
}

resource "aws_s3_bucket" "files" {
  bucket = "example-files"
}

resource "aws_s3_bucket_website_configuration" "files" {
  bucket = aws_s3_bucket.files.bucket
  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_policy" "files" {
  bucket = aws_s3_bucket.files.bucket
  policy = jsonencode({
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.files.arn}/*"
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.files.arn, "${aws_s3_bucket.files.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_s3_bucket" "private" {
  bucket = "example-private"
}

resource "aws_s3_bucket_website_configuration" "private" {
  bucket = aws_s3_bucket.private.id
  index_document {
    suffix = "index.html"
  }
}

resource "aws_cloudfront_origin_access_identity" "private" {}

resource "aws_s3_bucket_policy" "private" {
  bucket = aws_s3_bucket.private.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_cloudfront_origin_access_identity.private.iam_arn }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.private.arn}/*"
    }]
  })
}
