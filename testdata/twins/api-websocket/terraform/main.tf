variable "execution_role_arn" {
  type        = string
  description = "Role of the function"
}

resource "aws_apigatewayv2_api" "chat" {
  name                       = "chat"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_route" "default" {
  api_id    = aws_apigatewayv2_api.chat.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.function.id}"
}

resource "aws_apigatewayv2_integration" "function" {
  api_id             = aws_apigatewayv2_api.chat.id
  integration_type   = "AWS_PROXY"
  integration_method = "POST"
  integration_uri    = aws_lambda_alias.live.invoke_arn
}

resource "aws_apigatewayv2_route" "history" {
  api_id    = aws_apigatewayv2_api.chat.id
  route_key = "history"
  target    = "integrations/${aws_apigatewayv2_integration.history.id}"
}

resource "aws_apigatewayv2_integration" "history" {
  api_id             = aws_apigatewayv2_api.chat.id
  integration_type   = "HTTP_PROXY"
  integration_method = "POST"
  integration_uri    = "http://history.example.com/"
}

resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.chat.id
  name        = "live"
  auto_deploy = true

  default_route_settings {
    logging_level      = "INFO"
    data_trace_enabled = true
  }
}

resource "aws_lambda_function" "chat" {
  function_name = "chat"
  role          = var.execution_role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "chat.zip"
  publish       = true
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.chat.function_name
  function_version = aws_lambda_function.chat.version
}
