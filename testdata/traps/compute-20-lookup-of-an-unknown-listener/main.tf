resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

# Somebody else's listener: neither its protocol nor its other rules are in this code.
data "aws_lb_listener" "more" {
  load_balancer_arn = aws_lb.web.arn
  port              = 8443
}

resource "aws_lb_listener_rule" "app" {
  for_each     = toset(["/a/*", "/b/*"])
  listener_arn = data.aws_lb_listener.more.arn
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
  condition {
    path_pattern {
      values = [each.key]
    }
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
