variable "algorithm" {
  type        = string
  description = "AES256, or aws:kms for the key that AWS keeps in KMS for S3"
}

resource "aws_s3_bucket" "orders" {
  bucket = "orders-example-com"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = var.algorithm
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

