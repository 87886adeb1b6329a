variable "p" { type = string }
resource "aws_lb" "n" {
  load_balancer_type = var.t
  internal           = false
  subnets            = ["subnet-a"]
}

resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.n.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.t.arn
  }
}

resource "aws_lb_target_group" "t" {
  port     = 443
  protocol = "TCP"
  vpc_id   = "vpc-1"
}

resource "aws_lb_target_group_attachment" "t" {
  target_group_arn = aws_lb_target_group.t.arn
  target_id        = aws_instance.web.id
}

resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "t3.small"
}

variable "t" { type = string }
