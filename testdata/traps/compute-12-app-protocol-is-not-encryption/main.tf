resource "aws_lb" "shop" {
  name               = "shop"
  load_balancer_type = "application"
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "web" {
  name        = "web"
  port        = 8443
  protocol    = "HTTPS"
  target_type = "ip"
  vpc_id      = "vpc-0123abcd"
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name         = "web"
    image        = "shop/web"
    portMappings = [{ name = "api", containerPort = 8443, appProtocol = "http" }]
    environment  = [{ name = "PRICES_URL", value = "http://prices:9090" }]
  }])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = "shop"
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = ["subnet-0f1e2d3c"]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8443
  }

  service_connect_configuration {
    enabled   = true
    namespace = "shop"
  }
}

resource "aws_ecs_task_definition" "prices" {
  family                   = "prices"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name         = "prices"
    image        = "shop/prices"
    portMappings = [{ name = "api", containerPort = 9000, appProtocol = "grpc" }]
  }])
}

resource "aws_ecs_service" "prices" {
  name            = "prices"
  cluster         = "shop"
  task_definition = aws_ecs_task_definition.prices.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = ["subnet-0f1e2d3c"]
  }

  service_connect_configuration {
    enabled   = true
    namespace = "shop"

    service {
      port_name = "api"

      client_alias {
        dns_name = "prices"
        port     = 9090
      }
    }
  }
}
