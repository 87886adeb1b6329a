locals {
  everybody = {
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" }]
  }
  buckets = {
    by_rule     = aws_s3_bucket.by_rule.id
    by_document = aws_s3_bucket.by_document.id
    by_own_list = aws_s3_bucket.by_own_list.id
    of_a_prefix = aws_s3_bucket.of_a_prefix.id
  }
}

resource "aws_s3_bucket_public_access_block" "open" {
  for_each = local.buckets

  bucket                  = each.value
  block_public_acls       = false
  block_public_policy     = false
  ignore_public_acls      = false
  restrict_public_buckets = false
}

resource "aws_s3_bucket_policy" "everybody" {
  for_each = local.buckets

  bucket = each.value
  policy = jsonencode(local.everybody)
}

resource "aws_s3_bucket" "by_rule" {
  bucket = "by-rule"
}

resource "aws_s3_bucket_website_configuration" "by_rule" {
  bucket = aws_s3_bucket.by_rule.id

  index_document {
    suffix = "unused"
  }

  routing_rule {
    condition {
      key_prefix_equals = "docs/"
    }

    redirect {
      replace_key_prefix_with = "documents/"
    }
  }

  routing_rule {
    redirect {
      host_name          = "www.example.com"
      protocol           = "https"
      http_redirect_code = "301"
    }
  }
}

resource "aws_s3_bucket" "by_document" {
  bucket = "by-document"
}

resource "aws_s3_bucket_website_configuration" "by_document" {
  bucket = aws_s3_bucket.by_document.id

  index_document {
    suffix = "unused"
  }

  routing_rules = jsonencode([{ Redirect = { HostName = "www.example.com", Protocol = "https" } }])
}

resource "aws_s3_bucket" "by_own_list" {
  bucket = "by-own-list"

  website {
    index_document = "unused"
    routing_rules  = "[{\"Redirect\": {\"HostName\": \"www.example.com\", \"Protocol\": \"https\"}}]"
  }
}

resource "aws_s3_bucket" "of_a_prefix" {
  bucket = "of-a-prefix"
}

resource "aws_s3_bucket_website_configuration" "of_a_prefix" {
  bucket = aws_s3_bucket.of_a_prefix.id

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
