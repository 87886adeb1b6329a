variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets in at least two zones"
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the application balancer"
}

resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_vpc_link" "network" {
  name        = "network"
  target_arns = [aws_lb.network.arn]
}

resource "aws_apigatewayv2_vpc_link" "application" {
  name               = "application"
  subnet_ids         = var.subnet_ids
  security_group_ids = []
}

# By HTTPS through a balancer that passes TLS on to the server.
resource "aws_api_gateway_integration" "secure" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = "GET"
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  connection_type         = "VPC_LINK"
  connection_id           = aws_api_gateway_vpc_link.network.id
  uri                     = "https://shop.example.com/"
}

# The link is private, and the request is in the clear.
resource "aws_api_gateway_integration" "plain" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = "PUT"
  type                    = "HTTP_PROXY"
  integration_http_method = "PUT"
  connection_type         = "VPC_LINK"
  connection_id           = aws_api_gateway_vpc_link.network.id
  uri                     = "http://shop.example.com:8080/"
}

# The second generation of links names the balancer in the integration.
resource "aws_api_gateway_integration" "second" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = "POST"
  type                    = "HTTP_PROXY"
  integration_http_method = "POST"
  connection_type         = "VPC_LINK"
  connection_id           = aws_apigatewayv2_vpc_link.application.id
  integration_target      = aws_lb.application.arn
  uri                     = "https://shop.example.com/"
}

resource "aws_lb" "network" {
  name               = "network"
  load_balancer_type = "network"
  internal           = true
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.network.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.tls.arn
  }
}

resource "aws_lb_listener" "plain" {
  load_balancer_arn = aws_lb.network.arn
  port              = 8080
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.plain.arn
  }
}

resource "aws_lb_target_group" "tls" {
  name        = "tls"
  port        = 443
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "tls" {
  target_group_arn = aws_lb_target_group.tls.arn
  target_id        = "10.0.0.10"
}

resource "aws_lb_target_group" "plain" {
  name        = "plain"
  port        = 8080
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "plain" {
  target_group_arn = aws_lb_target_group.plain.arn
  target_id        = "10.0.0.10"
}

resource "aws_lb" "application" {
  name               = "application"
  load_balancer_type = "application"
  internal           = true
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.application.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.http.arn
  }
}

resource "aws_lb_target_group" "http" {
  name        = "http"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "http" {
  target_group_arn = aws_lb_target_group.http.arn
  target_id        = "10.0.0.10"
}
