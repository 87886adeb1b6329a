variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the name"
}

variable "endpoint_id" {
  type        = string
  description = "Interface endpoint of the VPC"
}

# Only the name answers.
resource "aws_api_gateway_rest_api" "payments" {
  name                         = "payments"
  disable_execute_api_endpoint = true

  endpoint_configuration {
    types            = ["PRIVATE"]
    vpc_endpoint_ids = [var.endpoint_id]
  }
}

resource "aws_api_gateway_integration" "payments" {
  rest_api_id             = aws_api_gateway_rest_api.payments.id
  resource_id             = aws_api_gateway_rest_api.payments.root_resource_id
  http_method             = "POST"
  type                    = "HTTP_PROXY"
  integration_http_method = "POST"
  uri                     = "https://payments.example.net/"
}

resource "aws_api_gateway_domain_name" "internal" {
  domain_name     = "internal.example.com"
  certificate_arn = var.certificate_arn
  security_policy = "TLS_1_2"

  endpoint_configuration {
    types = ["PRIVATE"]
  }

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "execute-api:Invoke"
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceVpce" = var.endpoint_id } }
    }]
  })
}

resource "aws_api_gateway_base_path_mapping" "payments" {
  domain_name    = aws_api_gateway_domain_name.internal.domain_name
  domain_name_id = aws_api_gateway_domain_name.internal.domain_name_id
  api_id         = aws_api_gateway_rest_api.payments.id
  base_path      = "payments"
  stage_name     = "live"
}

# The API's own endpoint answers too, and its server is called in the clear.
resource "aws_api_gateway_rest_api" "stock" {
  name = "stock"

  endpoint_configuration {
    types            = ["PRIVATE"]
    vpc_endpoint_ids = [var.endpoint_id]
  }
}

resource "aws_api_gateway_integration" "stock" {
  rest_api_id             = aws_api_gateway_rest_api.stock.id
  resource_id             = aws_api_gateway_rest_api.stock.root_resource_id
  http_method             = "GET"
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  uri                     = "http://stock.example.net/"
}

resource "aws_api_gateway_base_path_mapping" "stock" {
  domain_name    = aws_api_gateway_domain_name.internal.domain_name
  domain_name_id = aws_api_gateway_domain_name.internal.domain_name_id
  api_id         = aws_api_gateway_rest_api.stock.id
  base_path      = "stock"
  stage_name     = "live"
}
