resource "aws_lambda_function" "hello" {
  function_name = "hello"
  role          = "arn:aws:iam::111122223333:role/hello"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = "hello.zip"
}

resource "aws_lambda_permission" "alb" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.hello.function_name
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = aws_lb_target_group.hello.arn
}

resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  internal           = false
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
    target_group_arn = aws_lb_target_group.hello.arn
  }
}

resource "aws_lb_listener_rule" "ip" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.onprem.arn
  }
  condition {
    path_pattern {
      values = ["/health*"]
    }
  }
}

resource "aws_lb_target_group" "hello" {
  name        = "hello"
  target_type = "lambda"
}

resource "aws_lb_target_group_attachment" "hello" {
  target_group_arn = aws_lb_target_group.hello.arn
  target_id        = aws_lambda_function.hello.arn
}

resource "aws_lb_target_group" "onprem" {
  name        = "onprem"
  port        = 8443
  protocol    = "HTTPS"
  vpc_id      = "vpc-0123abcd"
  target_type = "ip"
}

resource "aws_lb_target_group_attachment" "onprem" {
  target_group_arn  = aws_lb_target_group.onprem.arn
  target_id         = "192.168.40.7"
  availability_zone = "all"
}
