variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the names"
}

variable "zone_id" {
  type        = string
  description = "Hosted zone of the names"
}

# Only the custom name answers: its policy decides, and so does its trust store.
resource "aws_api_gateway_rest_api" "payments" {
  name                         = "payments"
  disable_execute_api_endpoint = true

  endpoint_configuration {
    types = ["REGIONAL"]
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

resource "aws_api_gateway_domain_name" "payments" {
  domain_name              = "payments.example.com"
  regional_certificate_arn = var.certificate_arn
  security_policy          = "TLS_1_2"

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  mutual_tls_authentication {
    truststore_uri = "s3://trust-stores/payments.pem"
  }
}

resource "aws_api_gateway_base_path_mapping" "payments" {
  domain_name = aws_api_gateway_domain_name.payments.domain_name
  api_id      = aws_api_gateway_rest_api.payments.id
  stage_name  = "live"
}

resource "aws_route53_record" "payments" {
  zone_id = var.zone_id
  name    = "payments.example.com"
  type    = "A"

  alias {
    name                   = aws_api_gateway_domain_name.payments.regional_domain_name
    zone_id                = aws_api_gateway_domain_name.payments.regional_zone_id
    evaluate_target_health = false
  }
}

# The default endpoint still answers, without a client certificate and with TLS 1.0.
resource "aws_api_gateway_rest_api" "refunds" {
  name = "refunds"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_integration" "refunds" {
  rest_api_id             = aws_api_gateway_rest_api.refunds.id
  resource_id             = aws_api_gateway_rest_api.refunds.root_resource_id
  http_method             = "POST"
  type                    = "HTTP_PROXY"
  integration_http_method = "POST"
  uri                     = "https://refunds.example.net/"
}

# An HTTP API behind a name of the newer kind.
resource "aws_apigatewayv2_api" "status" {
  name                         = "status"
  protocol_type                = "HTTP"
  target                       = "https://status.example.net/"
  disable_execute_api_endpoint = true
}

resource "aws_apigatewayv2_domain_name" "status" {
  domain_name = "status.example.com"

  domain_name_configuration {
    certificate_arn = var.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "status" {
  api_id      = aws_apigatewayv2_api.status.id
  domain_name = aws_apigatewayv2_domain_name.status.id
  stage       = "$default"
}
