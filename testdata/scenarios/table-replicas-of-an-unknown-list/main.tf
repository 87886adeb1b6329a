variable "replica_regions" {
  type        = list(string)
  description = "Regions that the orders are copied to"
}

resource "aws_kms_key" "orders" {
  description = "Orders"
}

resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }

  dynamic "replica" {
    for_each = var.replica_regions
    content {
      region_name = replica.value
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
    variables = { TABLE = aws_dynamodb_table.orders.name }
  }
}
