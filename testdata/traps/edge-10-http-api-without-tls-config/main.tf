resource "aws_apigatewayv2_api" "front" {
  name          = "front"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_vpc_link" "inside" {
  name               = "inside"
  security_group_ids = []
  subnet_ids         = ["subnet-0f1e2d3c"]
}

resource "aws_apigatewayv2_integration" "app" {
  api_id             = aws_apigatewayv2_api.front.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  connection_type    = "VPC_LINK"
  connection_id      = aws_apigatewayv2_vpc_link.inside.id
  integration_uri    = aws_lb_listener.https.arn
}

resource "aws_apigatewayv2_route" "all" {
  api_id    = aws_apigatewayv2_api.front.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.app.id}"
}

resource "aws_apigatewayv2_stage" "live" {
  api_id      = aws_apigatewayv2_api.front.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  internal           = true
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = "vpc-0123abcd"
}
resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.app.id
}
resource "aws_instance" "app" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}
