variable "own_key" {
  type        = bool
  description = "Whether the bucket is under a key of our own"
}

resource "aws_kms_key" "orders" {
  description = "Orders"
}

resource "aws_s3_bucket" "orders" {
  bucket = "orders-example-com"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id

  dynamic "rule" {
    for_each = var.own_key ? [aws_kms_key.orders.arn] : []
    content {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = rule.value
      }
    }
  }
}

resource "aws_lambda_function" "shop" {
  function_name = "shop"
  role          = "arn:aws:iam::111122223333:role/shop"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = "shop.zip"

  environment {
    variables = { STORE = aws_s3_bucket.orders.bucket }
  }
}

