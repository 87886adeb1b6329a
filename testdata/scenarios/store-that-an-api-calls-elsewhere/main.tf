resource "aws_api_gateway_rest_api" "keys" {
  name = "keys"
}
resource "aws_api_gateway_integration" "keys" {
  rest_api_id             = aws_api_gateway_rest_api.keys.id
  resource_id             = "a1b2c3"
  http_method             = "GET"
  integration_http_method = "GET"
  type                    = "AWS"
  uri                     = "arn:aws:apigateway:eu-west-1:dynamodb:action/GetItem"
  request_templates = {
    "application/json" = "{\"TableName\": \"keys\"}"
  }
}
resource "aws_api_gateway_integration" "orders" {
  rest_api_id             = aws_api_gateway_rest_api.keys.id
  resource_id             = "a1b2c3"
  http_method             = "POST"
  integration_http_method = "POST"
  type                    = "AWS"
  uri                     = "arn:aws:apigateway:eu-west-1:sqs:path/111122223333/orders"
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "NONE"
}
