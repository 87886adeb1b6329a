resource "aws_api_gateway_rest_api" "front" {
  name = "front"
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "front", version = "1" }
    paths = {
      "/orders" = {
        get = {
          "x-amazon-apigateway-integration" = {
            type       = "http_proxy"
            httpMethod = "GET"
            uri        = "https://app.example.com/orders"
            tlsConfig  = { insecureSkipVerification = true }
          }
        }
      }
    }
  })
}

resource "aws_api_gateway_deployment" "live" {
  rest_api_id = aws_api_gateway_rest_api.front.id
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.front.id
  deployment_id = aws_api_gateway_deployment.live.id
  stage_name    = "live"
}
