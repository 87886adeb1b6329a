resource "aws_lambda_function" "auth" {
  function_name = "auth"
  role          = "arn:aws:iam::111122223333:role/auth"
  handler       = "auth.handler"
  runtime       = "nodejs22.x"
  filename      = "auth.zip"
}

resource "aws_api_gateway_rest_api" "front" {
  name = "front"
}

resource "aws_api_gateway_authorizer" "token" {
  name           = "token"
  rest_api_id    = aws_api_gateway_rest_api.front.id
  authorizer_uri = aws_lambda_function.auth.invoke_arn
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.front.id
  parent_id   = aws_api_gateway_rest_api.front.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.front.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = "GET"
  authorization = "CUSTOM"
  authorizer_id = aws_api_gateway_authorizer.token.id
}

resource "aws_api_gateway_integration" "get" {
  rest_api_id             = aws_api_gateway_rest_api.front.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = aws_api_gateway_method.get.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  uri                     = "https://orders.example.com/"
}
