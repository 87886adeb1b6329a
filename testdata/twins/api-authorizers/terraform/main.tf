variable "role_arn" {
  type        = string
  description = "Role of the functions"
}

variable "user_pool_arn" {
  type        = string
  description = "User pool of the staff"
}

# A REST API: a function reads the token of an order, the service checks that of a report.
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_authorizer" "token" {
  rest_api_id     = aws_api_gateway_rest_api.shop.id
  name            = "token"
  type            = "TOKEN"
  identity_source = "method.request.header.Authorization"
  authorizer_uri  = aws_lambda_function.token.invoke_arn
}

resource "aws_api_gateway_authorizer" "staff" {
  rest_api_id     = aws_api_gateway_rest_api.shop.id
  name            = "staff"
  type            = "COGNITO_USER_POOLS"
  identity_source = "method.request.header.Authorization"
  provider_arns   = [var.user_pool_arn]
}

# Nothing asks it.
resource "aws_api_gateway_authorizer" "idle" {
  rest_api_id     = aws_api_gateway_rest_api.shop.id
  name            = "idle"
  type            = "REQUEST"
  identity_source = "method.request.header.Authorization"
  authorizer_uri  = aws_lambda_function.token.invoke_arn
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  parent_id   = aws_api_gateway_rest_api.shop.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "orders" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = "POST"
  authorization = "CUSTOM"
  authorizer_id = aws_api_gateway_authorizer.token.id
}

resource "aws_api_gateway_integration" "orders" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = aws_api_gateway_method.orders.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "POST"
  uri                     = "https://orders.example.net/"
}

resource "aws_api_gateway_resource" "reports" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  parent_id   = aws_api_gateway_rest_api.shop.root_resource_id
  path_part   = "reports"
}

resource "aws_api_gateway_method" "reports" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_resource.reports.id
  http_method   = "GET"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.staff.id
}

resource "aws_api_gateway_integration" "reports" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_resource.reports.id
  http_method             = aws_api_gateway_method.reports.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  uri                     = "http://reports.example.net/"
}

resource "aws_lambda_function" "token" {
  function_name = "token"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "token.zip"
}

# A WebSocket API with a deployment of its own, whose function sees the headers and the query of each connection.
resource "aws_apigatewayv2_api" "chat" {
  name                       = "chat"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_authorizer" "chat" {
  api_id           = aws_apigatewayv2_api.chat.id
  name             = "chat"
  authorizer_type  = "REQUEST"
  identity_sources = ["route.request.header.Authorization"]
  authorizer_uri   = aws_lambda_function.chat.invoke_arn
}

resource "aws_apigatewayv2_route" "connect" {
  api_id             = aws_apigatewayv2_api.chat.id
  route_key          = "$connect"
  authorization_type = "CUSTOM"
  authorizer_id      = aws_apigatewayv2_authorizer.chat.id
  target             = "integrations/${aws_apigatewayv2_integration.connect.id}"
}

resource "aws_apigatewayv2_integration" "connect" {
  api_id             = aws_apigatewayv2_api.chat.id
  integration_type   = "HTTP_PROXY"
  integration_method = "POST"
  integration_uri    = "https://$${stageVariables.host}/"
}

resource "aws_apigatewayv2_deployment" "chat" {
  api_id     = aws_apigatewayv2_api.chat.id
  depends_on = [aws_apigatewayv2_route.connect]
}

resource "aws_apigatewayv2_stage" "chat" {
  api_id        = aws_apigatewayv2_api.chat.id
  name          = "live"
  deployment_id = aws_apigatewayv2_deployment.chat.id

  stage_variables = {
    host = "chat.example.net"
  }

  default_route_settings {
    data_trace_enabled = false
  }
}

resource "aws_lambda_function" "chat" {
  function_name = "chat"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "chat.zip"
}

# An HTTP API whose tokens the service checks itself.
resource "aws_apigatewayv2_api" "status" {
  name          = "status"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "status" {
  api_id           = aws_apigatewayv2_api.status.id
  name             = "status"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    audience = ["status"]
    issuer   = "https://login.example.com"
  }
}

resource "aws_apigatewayv2_route" "status" {
  api_id             = aws_apigatewayv2_api.status.id
  route_key          = "GET /"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.status.id
  target             = "integrations/${aws_apigatewayv2_integration.status.id}"
}

resource "aws_apigatewayv2_integration" "status" {
  api_id                 = aws_apigatewayv2_api.status.id
  integration_type       = "HTTP_PROXY"
  integration_method     = "GET"
  integration_uri        = "http://status.example.net/"
  payload_format_version = "1.0"
}
