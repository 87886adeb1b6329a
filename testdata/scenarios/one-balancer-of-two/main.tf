variable "public" {
  type = bool
}

resource "aws_lb" "public" {
  count = var.public ? 1 : 0
}

resource "aws_lb" "private" {
  count    = var.public ? 0 : 1
  internal = true
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = element(concat(aws_lb.public.*.arn, aws_lb.private.*.arn), 0)
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
