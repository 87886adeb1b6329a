variable "shielded" {
  type = bool
}

resource "aws_lb" "shielded" {
  count = var.shielded ? 1 : 0
}

resource "aws_lb" "plain" {
  count = var.shielded ? 0 : 1
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = element(concat(aws_lb.shielded.*.arn, aws_lb.plain.*.arn), 0)
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_target_group" "app" {
  port     = 443
  protocol = "HTTPS"
}

resource "aws_ecs_service" "app" {
  load_balancer {
    target_group_arn = aws_lb_target_group.app.arn
    container_name   = "app"
    container_port   = 443
  }
}
