variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

resource "aws_lb" "shop" {
  name    = "shop"
  subnets = var.subnet_ids
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.bridge.arn
  }
}

# The port of the group is a placeholder: the host's port is any.
resource "aws_lb_target_group" "bridge" {
  name     = "bridge"
  port     = 80
  protocol = "HTTP"
  vpc_id   = var.vpc_id
}

resource "aws_ecs_task_definition" "bridge" {
  family       = "bridge"
  network_mode = "bridge"

  container_definitions = jsonencode([
    {
      name         = "web"
      image        = "public.ecr.aws/example/web:1"
      memory       = 256
      portMappings = [{ containerPort = 8080, hostPort = 0 }]
    }
  ])
}

resource "aws_ecs_service" "bridge" {
  name            = "bridge"
  task_definition = aws_ecs_task_definition.bridge.arn
  launch_type     = "EC2"
  desired_count   = 2

  load_balancer {
    target_group_arn = aws_lb_target_group.bridge.arn
    container_name   = "web"
    container_port   = 8080
  }
}

resource "aws_lb_listener_rule" "awsvpc" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.awsvpc.arn
  }

  condition {
    host_header {
      values = ["secure.example.com"]
    }
  }
}

resource "aws_lb_target_group" "awsvpc" {
  name        = "awsvpc"
  port        = 443
  protocol    = "HTTPS"
  target_type = "ip"
  vpc_id      = var.vpc_id
}

resource "aws_ecs_task_definition" "awsvpc" {
  family                   = "awsvpc"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "secure"
      image        = "public.ecr.aws/example/secure:1"
      portMappings = [{ containerPort = 8443 }]
    }
  ])
}

resource "aws_ecs_service" "awsvpc" {
  name            = "awsvpc"
  task_definition = aws_ecs_task_definition.awsvpc.arn
  launch_type     = "FARGATE"
  desired_count   = 2

  network_configuration {
    subnets          = var.subnet_ids
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.awsvpc.arn
    container_name   = "secure"
    container_port   = 8443
  }
}
