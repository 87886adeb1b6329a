variable "search_path" {
  type        = any
  description = "What the API does at /search, as OpenAPI"
}

locals {
  orders_path = {
    get = {
      "x-amazon-apigateway-integration" = {
        type       = "http_proxy"
        httpMethod = "GET"
        uri        = "https://${aws_instance.shop.public_dns}/orders"
      }
    }
  }
}

resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"

  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "shop", version = "1" }
    paths = {
      "/orders" = local.orders_path
      "/search" = var.search_path
    }
  })
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}
