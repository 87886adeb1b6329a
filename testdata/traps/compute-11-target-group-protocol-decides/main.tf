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
    target_group_arn = aws_lb_target_group.port443.arn
  }
}

resource "aws_lb_listener_rule" "tls" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.port8080.arn
  }
  condition {
    path_pattern {
      values = ["/health*"]
    }
  }
}

resource "aws_lb_target_group" "port443" {
  name     = "port443"
  port     = 443
  protocol = "HTTP"
  vpc_id   = "vpc-0123abcd"
}

resource "aws_lb_target_group_attachment" "a" {
  target_group_arn = aws_lb_target_group.port443.arn
  target_id        = aws_instance.a.id
}

resource "aws_instance" "a" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}

resource "aws_lb_target_group" "port8080" {
  name     = "port8080"
  port     = 8080
  protocol = "HTTPS"
  vpc_id   = "vpc-0123abcd"
}

resource "aws_lb_target_group_attachment" "b" {
  target_group_arn = aws_lb_target_group.port8080.arn
  target_id        = aws_instance.b.id
  port             = 443
}

resource "aws_instance" "b" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}

resource "aws_lb" "net" {
  name               = "net"
  load_balancer_type = "network"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.net.arn
  port              = 443
  protocol          = "TLS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.tcp.arn
  }
}

resource "aws_lb_target_group" "tcp" {
  name     = "tcp"
  port     = 443
  protocol = "TCP"
  vpc_id   = "vpc-0123abcd"
}

resource "aws_lb_target_group_attachment" "c" {
  target_group_arn = aws_lb_target_group.tcp.arn
  target_id        = aws_instance.c.id
}

resource "aws_instance" "c" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}
