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
  count = var.own_key ? 1 : 0

  bucket = aws_s3_bucket.orders.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.orders.arn
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

