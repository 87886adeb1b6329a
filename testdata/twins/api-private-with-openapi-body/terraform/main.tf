variable "vpc_endpoint_id" {
  type        = string
  description = "Interface endpoint for execute-api"
}

variable "execution_role_arn" {
  type        = string
  description = "Role of the function"
}

resource "aws_api_gateway_rest_api" "internal" {
  name = "internal"

  endpoint_configuration {
    types            = ["PRIVATE"]
    vpc_endpoint_ids = [var.vpc_endpoint_id]
  }

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "internal", version = "1" }
    paths = {
      "/people" = {
        get = {
          "x-amazon-apigateway-integration" = {
            type       = "http_proxy"
            httpMethod = "GET"
            uri        = "https://people.example.com/"
          }
        }
        post = {
          "x-amazon-apigateway-integration" = {
            type       = "http_proxy"
            httpMethod = "POST"
            uri        = "https://people.internal.example.com/"
            tlsConfig  = { insecureSkipVerification = true }
          }
        }
      }
      "/badges" = {
        get = {
          "x-amazon-apigateway-integration" = {
            type       = "http"
            httpMethod = "GET"
            uri        = "http://badges.example.com/"
          }
        }
      }
      "/rooms" = {
        get = {
          "x-amazon-apigateway-integration" = {
            type       = "aws_proxy"
            httpMethod = "POST"
            uri        = aws_lambda_function.rooms.invoke_arn
          }
        }
      }
    }
  })
}

resource "aws_lambda_function" "rooms" {
  function_name = "rooms"
  role          = var.execution_role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "rooms.zip"
}
