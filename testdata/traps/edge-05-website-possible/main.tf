resource "aws_s3_bucket" "site" {
  bucket = "example-site"
}

resource "aws_s3_bucket_website_configuration" "site" {
  bucket = aws_s3_bucket.site.id
  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket" "guarded" {
  bucket = "example-guarded"
}

resource "aws_s3_bucket_website_configuration" "guarded" {
  bucket = aws_s3_bucket.guarded.id
  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_bucket_policy" "guarded" {
  bucket = aws_s3_bucket.guarded.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.guarded.arn}/*"
      Condition = { StringEquals = { "aws:Referer" = "shared-secret" } }
    }]
  })
}
