resource "aws_lb" "ends" {
  name               = "ends"
  load_balancer_type = "network"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}
resource "aws_lb_listener" "ends" {
  load_balancer_arn = aws_lb.ends.arn
  port              = 443
  protocol          = "TLS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ends.arn
  }
}
resource "aws_lb_target_group" "ends" {
  name     = "ends"
  port     = 443
  protocol = "TCP"
  vpc_id   = "vpc-0123abcd"
}

resource "aws_lb_target_group_attachment" "ends" {
  target_group_arn = aws_lb_target_group.ends.arn
  target_id        = aws_instance.app.id
}

resource "aws_lb" "passes" {
  name               = "passes"
  load_balancer_type = "network"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}
resource "aws_lb_listener" "passes" {
  load_balancer_arn = aws_lb.passes.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.passes.arn
  }
}
resource "aws_lb_target_group" "passes" {
  name     = "passes"
  port     = 443
  protocol = "TCP"
  vpc_id   = "vpc-0123abcd"
}

resource "aws_lb_target_group_attachment" "passes" {
  target_group_arn = aws_lb_target_group.passes.arn
  target_id        = aws_instance.db.id
}

resource "aws_instance" "app" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}

resource "aws_instance" "db" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}

resource "aws_lb" "fronts" {
  name               = "fronts"
  load_balancer_type = "network"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}
resource "aws_lb_listener" "fronts" {
  load_balancer_arn = aws_lb.fronts.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.fronts.arn
  }
}
resource "aws_lb_target_group" "fronts" {
  name        = "fronts"
  port        = 443
  protocol    = "TCP"
  vpc_id      = "vpc-0123abcd"
  target_type = "alb"
}

resource "aws_lb_target_group_attachment" "fronts" {
  target_group_arn = aws_lb_target_group.fronts.arn
  target_id        = aws_lb.web.arn
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
