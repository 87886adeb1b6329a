resource "aws_api_gateway_rest_api" "front" {
  name = "front"
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
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "get" {
  rest_api_id             = aws_api_gateway_rest_api.front.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = aws_api_gateway_method.get.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  uri                     = "https://$${stageVariables.host}/"
}

resource "aws_api_gateway_deployment" "live" {
  rest_api_id = aws_api_gateway_rest_api.front.id
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.front.id
  deployment_id = aws_api_gateway_deployment.live.id
  stage_name    = "live"
  variables = {
    host = "orders.example.com"
  }
  canary_settings {
    deployment_id   = aws_api_gateway_deployment.live.id
    percent_traffic = 5
    stage_variable_overrides = {
      host = "orders-next.example.com"
    }
  }
}
