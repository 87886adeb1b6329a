variable "own_key" {
  type        = bool
  description = "Whether the database is under a key of our own"
}

resource "aws_kms_key" "orders" {
  description = "Orders"
}

resource "aws_rds_cluster" "orders" {
  cluster_identifier          = "orders"
  engine                      = "aurora-postgresql"
  engine_version              = "17.4"
  master_username             = "shop"
  manage_master_user_password = true
  storage_encrypted           = true
  kms_key_id                  = var.own_key ? aws_kms_key.orders.arn : null
}

resource "aws_lambda_function" "shop" {
  function_name = "shop"
  role          = "arn:aws:iam::111122223333:role/shop"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = "shop.zip"

  environment {
    variables = { STORE = "postgres://shop@${aws_rds_cluster.orders.endpoint}/shop?sslmode=verify-full" }
  }
}

