variable "role_arn" {
  type        = string
  description = "Role of the functions"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "orders.zip"
  publish       = true

  environment {
    variables = {
      DATABASE_URL = "postgres://${aws_db_instance.orders.address}:5432/orders?sslmode=disable"
      SEARCH_URL   = "https://${aws_opensearch_domain.orders.endpoint}"
    }
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.function_name
  function_version = aws_lambda_function.orders.version
}

resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  qualifier          = aws_lambda_alias.live.name
  authorization_type = "NONE"
}

resource "aws_db_instance" "orders" {
  identifier        = "orders"
  engine            = "mysql"
  engine_version    = "8.0.40"
  instance_class    = "db.t4g.small"
  storage_encrypted = true
}

resource "aws_opensearch_domain" "orders" {
  domain_name = "orders"

  domain_endpoint_options {
    enforce_https = true
  }

  encrypt_at_rest {
    enabled = false
  }
}
