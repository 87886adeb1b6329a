resource "aws_service_discovery_http_namespace" "shop" {
  name = "shop"
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"

  service_connect_defaults {
    namespace = aws_service_discovery_http_namespace.shop.arn
  }
}

resource "aws_security_group" "services" {
  name   = "shop-services"
  vpc_id = var.vpc_id
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name         = "web"
    image        = var.image
    portMappings = [{ containerPort = 8443 }]
    environment = [
      { name = "ORDERS_URL", value = "http://orders:8080/v1" },
      { name = "PRICES_URL", value = "http://prices.shop:9090" },
    ]
  }])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.services.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8443
  }

  service_connect_configuration {
    enabled   = true
    namespace = aws_service_discovery_http_namespace.shop.arn
  }
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name         = "orders"
    image        = var.image
    portMappings = [{ name = "api", containerPort = 8080, appProtocol = "http" }]
  }])
}

resource "aws_ecs_service" "orders" {
  name            = "orders"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.orders.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.services.id]
  }

  service_connect_configuration {
    enabled   = true
    namespace = "shop"

    service {
      port_name      = "api"
      discovery_name = "orders"

      client_alias {
        dns_name = "orders"
        port     = 8080
      }

      tls {
        issuer_cert_authority {
          aws_pca_authority_arn = var.authority_arn
        }
      }
    }
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
    image        = var.image
    portMappings = [{ name = "grpc", containerPort = 9000, appProtocol = "grpc" }]
  }])
}

resource "aws_ecs_service" "prices" {
  name            = "prices"
  cluster         = aws_ecs_cluster.shop.id
  task_definition = aws_ecs_task_definition.prices.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.services.id]
  }

  service_connect_configuration {
    enabled = true

    service {
      port_name             = "grpc"
      discovery_name        = "prices"
      ingress_port_override = 9443

      client_alias {
        port = 9090
      }
    }
  }
}

resource "aws_ecs_service" "stock" {
  name          = "stock"
  cluster       = aws_ecs_cluster.shop.id
  desired_count = 2

  deployment_controller {
    type = "EXTERNAL"
  }
}

resource "aws_ecs_task_definition" "stock" {
  family                   = "stock"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name         = "stock"
    image        = var.image
    portMappings = [{ containerPort = 8081 }]
  }])
}

resource "aws_ecs_task_set" "stock" {
  cluster         = aws_ecs_cluster.shop.id
  service         = aws_ecs_service.stock.id
  task_definition = aws_ecs_task_definition.stock.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.services.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.stock.arn
    container_name   = "stock"
    container_port   = 8081
  }
}
