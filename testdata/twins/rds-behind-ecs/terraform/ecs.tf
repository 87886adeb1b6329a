resource "aws_ecs_cluster" "main" {
  name = "main"
}

resource "aws_security_group" "orders_service" {
  name   = "orders-service"
  vpc_id = var.vpc_id

  ingress {
    from_port       = 8443
    to_port         = 8443
    protocol        = "tcp"
    security_groups = [aws_security_group.orders.id]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = var.execution_role_arn

  container_definitions = jsonencode([
    {
      name         = "orders"
      image        = var.image
      portMappings = [{ containerPort = 8443 }]
      environment = [
        {
          name  = "DATABASE_URL"
          value = "postgresql://${aws_db_instance.orders.address}:5432/orders?sslmode=verify-full"
        }
      ]
      secrets = [
        {
          name      = "PGPASSWORD"
          valueFrom = "${aws_db_instance.orders.master_user_secret[0].secret_arn}:password::"
        }
      ]
    }
  ])
}

resource "aws_ecs_service" "orders" {
  name            = "orders"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.orders.arn
  launch_type     = "FARGATE"
  desired_count   = 2

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.orders_service.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.orders.arn
    container_name   = "orders"
    container_port   = 8443
  }

  depends_on = [aws_lb_listener.https]
}
