provider "aws" {
  region = "eu-west-1"
}

variable "encrypted" {
  type = bool
}

resource "aws_instance" "app" {}

resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 8443
  protocol = var.encrypted ? "HTTPS" : "HTTP"
}

resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.app.id
}
