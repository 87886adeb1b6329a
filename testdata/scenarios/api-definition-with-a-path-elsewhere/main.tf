resource "aws_api_gateway_rest_api" "a" {
  name = "a"
  body = jsonencode({ openapi = "3.0.1", paths = { "/" = { get = { "x-amazon-apigateway-integration" = { type = "http_proxy", httpMethod="GET", uri = "https://${aws_instance.web.public_dns}/"  } } }, "/b" = { "$ref" = "#/components/pathItems/p" } }, components = { pathItems = { p = { get = { "x-amazon-apigateway-integration" = { type = "http_proxy", httpMethod="GET", uri = "http://${aws_instance.web.public_dns}/"  } } } } } })
}

resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "t3.small"
}

resource "aws_instance" "old" {
  ami           = "ami-1"
  instance_type = "t3.small"
}
