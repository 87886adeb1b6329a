resource "aws_security_group" "lb" {
  vpc_id = "vpc-0123abcd"
  ingress {
    from_port = 443
    to_port = 443
    protocol = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "app" {
  vpc_id = "vpc-0123abcd"
  ingress {
    from_port = 443
    to_port = 443
    protocol = "tcp"
    security_groups = [aws_security_group.lb.id]
  }
}

resource "aws_lb" "web" {
  name = "web"
  load_balancer_type = "application"
  internal = false
  security_groups = [aws_security_group.lb.id]
  subnets = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port = 443
  protocol = "HTTPS"
  certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_target_group" "app" {
  name = "app"
  port = 443
  protocol = "HTTPS"
  vpc_id = "vpc-0123abcd"
}

resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id = aws_instance.app.id
}

resource "aws_instance" "app" {
  ami = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id = "subnet-0f1e2d3c"
  vpc_security_group_ids = [aws_security_group.app.id]
}

resource "aws_apigatewayv2_api" "a" {
  name = "a"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "a" {
  api_id = aws_apigatewayv2_api.a.id
  integration_type = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri = "https://fixed.example.com/${aws_lb.web.dns_name}"
}

resource "aws_apigatewayv2_route" "a" {
  api_id = aws_apigatewayv2_api.a.id
  route_key = "$default"
  target = "integrations/${aws_apigatewayv2_integration.a.id}"
}
