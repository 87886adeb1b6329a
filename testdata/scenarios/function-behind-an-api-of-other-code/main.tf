data "aws_api_gateway_rest_api" "shared" {
  name = "shared"
}
variable "graphql_api" {
  type = string
}
resource "aws_api_gateway_integration" "orders" {
  rest_api_id             = data.aws_api_gateway_rest_api.shared.id
  resource_id             = "a1b2c3"
  http_method             = "ANY"
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.orders.invoke_arn
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "NONE"
}
resource "aws_appsync_datasource" "users" {
  api_id           = var.graphql_api
  name             = "users"
  type             = "AWS_LAMBDA"
  service_role_arn = "arn:aws:iam::111122223333:role/graphql"
  lambda_config {
    function_arn = aws_lambda_function.users.arn
  }
}
resource "aws_lambda_function" "users" {
  function_name = "users"
  role          = "arn:aws:iam::111122223333:role/users"
}
resource "aws_lambda_function_url" "users" {
  function_name      = aws_lambda_function.users.function_name
  authorization_type = "NONE"
}
