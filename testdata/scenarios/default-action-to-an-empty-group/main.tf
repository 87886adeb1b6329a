# The default action hands on to a group that nothing registers with: a dummy, so that the listener can exist before its rules do.

resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  internal           = false
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/1b2c3d4e-0000-4000-8000-000000000001"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.dummy.arn
  }
}

resource "aws_lb_listener_rule" "app" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }

  condition {
    host_header {
      values = ["shop.example.com"]
    }
  }
}

resource "aws_lb_target_group" "dummy" {
  name     = "dummy"
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-0abc"
}

resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = "vpc-0abc"
}

resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.app.id
  port             = 8443
}

resource "aws_instance" "app" {
  ami           = "ami-0abc"
  instance_type = "t3.micro"
}
