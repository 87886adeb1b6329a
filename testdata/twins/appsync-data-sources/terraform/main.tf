variable "role_arn" {
  type        = string
  description = "Role of the API and of the function"
}

resource "aws_appsync_graphql_api" "shop" {
  name                = "shop"
  authentication_type = "AWS_IAM"

  log_config {
    cloudwatch_logs_role_arn = var.role_arn
    field_log_level          = "ALL"
    exclude_verbose_content  = false
  }
}

resource "aws_appsync_datasource" "orders" {
  api_id           = aws_appsync_graphql_api.shop.id
  name             = "orders"
  type             = "AWS_LAMBDA"
  service_role_arn = var.role_arn

  lambda_config {
    function_arn = aws_lambda_function.orders.arn
  }
}

resource "aws_appsync_datasource" "items" {
  api_id           = aws_appsync_graphql_api.shop.id
  name             = "items"
  type             = "AMAZON_DYNAMODB"
  service_role_arn = var.role_arn

  dynamodb_config {
    table_name = aws_dynamodb_table.items.name
  }
}

resource "aws_appsync_datasource" "prices" {
  api_id = aws_appsync_graphql_api.shop.id
  name   = "prices"
  type   = "HTTP"

  http_config {
    endpoint = "https://prices.example.com"
  }
}

resource "aws_appsync_datasource" "stock" {
  api_id = aws_appsync_graphql_api.shop.id
  name   = "stock"
  type   = "HTTP"

  http_config {
    endpoint = "http://stock.example.com"
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "orders.zip"
}

resource "aws_dynamodb_table" "items" {
  name         = "items"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

# An API that only a private network can call.
resource "aws_appsync_graphql_api" "internal" {
  name                = "internal"
  authentication_type = "AWS_IAM"
  visibility          = "PRIVATE"
}

resource "aws_appsync_datasource" "staff" {
  api_id = aws_appsync_graphql_api.internal.id
  name   = "staff"
  type   = "HTTP"

  http_config {
    endpoint = "https://staff.example.com:8443"
  }
}
