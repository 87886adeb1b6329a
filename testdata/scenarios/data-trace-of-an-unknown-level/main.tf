resource "aws_api_gateway_rest_api" "a" { name = "a" }
resource "aws_api_gateway_integration" "i" {
  rest_api_id             = aws_api_gateway_rest_api.a.id
  resource_id             = aws_api_gateway_rest_api.a.root_resource_id
  http_method             = "ANY"
  type                    = "HTTP_PROXY"
  integration_http_method = "ANY"
  uri                     = "https://${aws_instance.web.public_dns}/"
}

resource "aws_api_gateway_method_settings" "m" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = "x"
  method_path = "*/*"
  settings {
    data_trace_enabled = true
    logging_level      = var.l
  }
}

variable "l" { type = string }
resource "aws_instance" "web" { ami = "a" }
