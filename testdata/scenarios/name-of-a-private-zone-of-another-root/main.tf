resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_route" "all" {
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.server.id}"
}

resource "aws_apigatewayv2_integration" "server" {
  api_id             = aws_apigatewayv2_api.shop.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri    = "https://api.example.com"
}

data "aws_vpc" "main" { default = true }

data "aws_route53_zone" "inside" {
  name   = "example.com"
  vpc_id = data.aws_vpc.main.id
}

data "aws_route53_zone" "perhaps" {
  name         = "example.com"
  private_zone = var.is_private
}

resource "aws_route53_record" "inside" {
  zone_id = data.aws_route53_zone.inside.zone_id
  name    = "api.example.com"
  type    = "A"
  ttl     = 60
  records = [aws_instance.web.private_ip]
}

resource "aws_route53_record" "perhaps" {
  zone_id = data.aws_route53_zone.perhaps.zone_id
  name    = "api.example.com"
  type    = "A"
  ttl     = 60
  records = [aws_instance.web.public_ip]
}

resource "aws_instance" "web" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}

variable "is_private" { type = bool }
