variable "log_level" {
  type        = string
  description = "NONE, ERROR or ALL"
}

resource "aws_appsync_graphql_api" "shop" {
  name                = "shop"
  authentication_type = "API_KEY"

  log_config {
    field_log_level          = var.log_level
    cloudwatch_logs_role_arn = "arn:aws:iam::111122223333:role/shop-log"
  }
}

resource "aws_appsync_datasource" "orders" {
  api_id           = aws_appsync_graphql_api.shop.id
  name             = "orders"
  type             = "AWS_LAMBDA"
  service_role_arn = "arn:aws:iam::111122223333:role/shop-api"

  lambda_config {
    function_arn = aws_lambda_function.orders.arn
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = "orders.zip"
}
