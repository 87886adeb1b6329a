variable "port" {
  type    = string
  default = "443"
}

resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "odd" {
  load_balancer_arn = aws_lb.web.arn
  port              = var.port
  protocol          = "HTTP"
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

resource "aws_lb" "other" {
  name               = "other"
  load_balancer_type = "application"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "even" {
  load_balancer_arn = aws_lb.other.arn
  port              = 80
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.safe.arn
  }
}

resource "aws_lb_target_group" "safe" {
  name     = "safe"
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = "vpc-0123abcd"
}
resource "aws_lb_target_group_attachment" "safe" {
  target_group_arn = aws_lb_target_group.safe.arn
  target_id        = aws_instance.safe.id
}
resource "aws_instance" "safe" {
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

resource "aws_lb_listener" "tcp" {
  load_balancer_arn = aws_lb.net.arn
  port              = "443"
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.alb.arn
  }
}

resource "aws_lb_target_group" "alb" {
  name        = "alb"
  port        = 443
  protocol    = "TCP"
  vpc_id      = "vpc-0123abcd"
  target_type = "alb"
}

resource "aws_lb_target_group_attachment" "alb" {
  target_group_arn = aws_lb_target_group.alb.arn
  target_id        = aws_lb.inner.arn
}

resource "aws_lb" "inner" {
  name               = "inner"
  load_balancer_type = "application"
  internal           = true
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "inner" {
  load_balancer_arn = aws_lb.inner.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.last.arn
  }
}

resource "aws_lb_target_group" "last" {
  name     = "last"
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = "vpc-0123abcd"
}
resource "aws_lb_target_group_attachment" "last" {
  target_group_arn = aws_lb_target_group.last.arn
  target_id        = aws_instance.last.id
}
resource "aws_instance" "last" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}

resource "aws_lb" "quic" {
  name               = "quic"
  load_balancer_type = "network"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "quic" {
  load_balancer_arn = aws_lb.quic.arn
  port              = 443
  protocol          = "TCP_UDP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.quic.arn
  }
}

resource "aws_lb_target_group" "quic" {
  name     = "quic"
  port     = 443
  protocol = "TCP_UDP"
  vpc_id   = "vpc-0123abcd"
}
resource "aws_lb_target_group_attachment" "quic" {
  target_group_arn = aws_lb_target_group.quic.arn
  target_id        = aws_instance.quic.id
}
resource "aws_instance" "quic" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}
