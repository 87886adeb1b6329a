provider "aws" {
  region = "eu-west-1"
}

variable "encrypted" {
  type = bool
}

data "aws_lb_target_group" "app" {
  name = "app"
}

resource "aws_lb" "web" {}

resource "aws_lb_listener" "web" {
  count             = var.encrypted ? 1 : 0
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = data.aws_lb_target_group.app.arn
  }
}
