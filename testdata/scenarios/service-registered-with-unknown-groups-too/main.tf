resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  internal           = false
  subnets            = ["subnet-a","subnet-b"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/abc"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "web" {
  name        = "web"
  port        = 443
  protocol    = "HTTPS"
  target_type = "ip"
  vpc_id      = "vpc-1"
}

resource "aws_ecs_task_definition" "t" {
  family                = "t"
  network_mode          = "awsvpc"
  container_definitions = jsonencode([{ name = "a", image = "i", portMappings = [{ containerPort = 8443 }] }])
}

resource "aws_ecs_service" "s" {
  name            = "s"
  task_definition = aws_ecs_task_definition.t.arn
  network_configuration { subnets = ["a"] }
  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "a"
    container_port   = 8443
  }
  dynamic "load_balancer" {
    for_each = var.tgs
    content {
      target_group_arn = load_balancer.value
      container_name   = "a"
      container_port   = 80
    }
  }
}

variable "tgs" { type = list(string) }
