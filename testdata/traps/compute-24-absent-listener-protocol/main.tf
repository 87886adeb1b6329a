resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
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

resource "aws_lb" "gate" {
  name               = "gate"
  load_balancer_type = "gateway"
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "gate" {
  load_balancer_arn = aws_lb.gate.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.gate.arn
  }
}

resource "aws_lb_target_group" "gate" {
  name     = "gate"
  port     = 6081
  protocol = "GENEVE"
  vpc_id   = "vpc-0123abcd"
}
