variable "balancer_arn" {
  type = string
}

variable "target_group_arn" {
  type = string
}

resource "aws_lb_listener" "debug" {
  load_balancer_arn = var.balancer_arn
  port              = 8080
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = var.target_group_arn
  }
}
