resource "aws_s3_bucket" "all" {
  bucket = "example-all"
}

resource "aws_s3_bucket_public_access_block" "all" {
  bucket                  = aws_s3_bucket.all.id
  block_public_acls       = true
  block_public_policy     = false
  ignore_public_acls      = true
  restrict_public_buckets = false
}

resource "aws_s3_bucket_website_configuration" "all" {
  bucket = aws_s3_bucket.all.id

  index_document {
    suffix = "index.html"
  }

  routing_rule {
    redirect {
      host_name = "www.example.com"
      protocol  = "https"
    }
  }
}

data "aws_iam_policy_document" "all" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.all.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "all" {
  bucket = aws_s3_bucket.all.id
  policy = data.aws_iam_policy_document.all.json
}

resource "aws_s3_bucket" "some" {
  bucket = "example-some"
}

resource "aws_s3_bucket_public_access_block" "some" {
  bucket                  = aws_s3_bucket.some.id
  block_public_acls       = true
  block_public_policy     = false
  ignore_public_acls      = true
  restrict_public_buckets = false
}

resource "aws_s3_bucket_website_configuration" "some" {
  bucket = aws_s3_bucket.some.id

  index_document {
    suffix = "index.html"
  }

  routing_rule {
    condition {
      key_prefix_equals = "docs/"
    }

    redirect {
      host_name = "www.example.com"
      protocol  = "https"
    }
  }
}

data "aws_iam_policy_document" "some" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.some.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "some" {
  bucket = aws_s3_bucket.some.id
  policy = data.aws_iam_policy_document.some.json
}
