resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_listener" "test" {
  load_balancer_arn = aws_lb.web.arn
  port              = 9000
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.green.arn
  }
}

resource "aws_lb_listener_rule" "prod" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
  condition {
    path_pattern {
      values = ["/health*"]
    }
  }
}

resource "aws_lb_listener_rule" "test" {
  listener_arn = aws_lb_listener.test.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.green.arn
  }
  condition {
    path_pattern {
      values = ["/health*"]
    }
  }
}

resource "aws_lb_target_group" "app" {
  name        = "app"
  port        = 8443
  protocol    = "HTTPS"
  vpc_id      = "vpc-0123abcd"
  target_type = "ip"
}

resource "aws_lb_target_group" "green" {
  name        = "green"
  port        = 8080
  protocol    = "HTTP"
  vpc_id      = "vpc-0123abcd"
  target_type = "ip"
}

resource "aws_ecs_task_definition" "app" {
  family       = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{
    name         = "app"
    image        = "nginx"
    memory       = 128
    portMappings = [{ containerPort = 8443 }]
  }])
}

resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  desired_count   = 2
  task_definition = aws_ecs_task_definition.app.arn
  deployment_configuration {
    strategy = "BLUE_GREEN"
  }
  network_configuration {
    subnets = ["subnet-0f1e2d3c"]
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.app.arn
    container_name   = "app"
    container_port   = 8443
    advanced_configuration {
      alternate_target_group_arn = aws_lb_target_group.green.arn
      production_listener_rule   = aws_lb_listener_rule.prod.arn
      test_listener_rule         = aws_lb_listener_rule.test.arn
      role_arn                   = "arn:aws:iam::111122223333:role/ecs"
    }
  }
}
