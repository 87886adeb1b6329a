variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

resource "aws_service_discovery_public_dns_namespace" "services" {
  name = "services.example.com"
}

resource "aws_service_discovery_service" "shop" {
  name = "shop"

  dns_config {
    namespace_id = aws_service_discovery_public_dns_namespace.services.id

    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}

resource "aws_service_discovery_service" "blog" {
  name = "blog"

  dns_config {
    namespace_id = aws_service_discovery_public_dns_namespace.services.id

    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}

resource "aws_ecs_task_definition" "shop" {
  family                   = "shop"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "shop"
      image        = "public.ecr.aws/example/shop:1"
      portMappings = [{ containerPort = 443 }]
    }
  ])
}

resource "aws_ecs_service" "shop" {
  name            = "shop"
  task_definition = aws_ecs_task_definition.shop.arn
  launch_type     = "FARGATE"

  network_configuration {
    assign_public_ip = true
    subnets          = var.subnet_ids
  }

  service_registries {
    registry_arn = aws_service_discovery_service.shop.arn
  }
}

resource "aws_ecs_task_definition" "blog" {
  family                   = "blog"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "blog"
      image        = "public.ecr.aws/example/blog:1"
      portMappings = [{ containerPort = 80 }]
    }
  ])
}

resource "aws_ecs_service" "blog" {
  name            = "blog"
  task_definition = aws_ecs_task_definition.blog.arn
  launch_type     = "FARGATE"

  network_configuration {
    assign_public_ip = true
    subnets          = var.subnet_ids
  }

  service_registries {
    registry_arn = aws_service_discovery_service.blog.arn
  }
}

resource "aws_cloudfront_distribution" "shop" {
  enabled = true

  origin {
    origin_id   = "shop"
    domain_name = "shop.services.example.com"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id       = "shop"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}

resource "aws_cloudfront_distribution" "blog" {
  enabled = true

  origin {
    origin_id   = "blog"
    domain_name = "blog.services.example.com"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id       = "blog"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}

# Calls of one service to another by its short name, within the same namespace.
resource "aws_ecs_task_definition" "stock" {
  family                   = "stock"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "stock"
      image        = "public.ecr.aws/example/stock:1"
      portMappings = [{ name = "http", containerPort = 8080 }]
      environment  = [{ name = "PRICES", value = "http://prices:8080" }]
    }
  ])
}

resource "aws_ecs_service" "stock" {
  name            = "stock"
  task_definition = aws_ecs_task_definition.stock.arn
  launch_type     = "FARGATE"

  network_configuration {
    assign_public_ip = false
    subnets          = var.subnet_ids
  }

  service_connect_configuration {
    enabled   = true
    namespace = aws_service_discovery_public_dns_namespace.services.arn
  }
}

resource "aws_ecs_task_definition" "prices" {
  family                   = "prices"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "prices"
      image        = "public.ecr.aws/example/prices:1"
      portMappings = [{ name = "http", containerPort = 8080 }]
    }
  ])
}

resource "aws_ecs_service" "prices" {
  name            = "prices"
  task_definition = aws_ecs_task_definition.prices.arn
  launch_type     = "FARGATE"

  network_configuration {
    assign_public_ip = false
    subnets          = var.subnet_ids
  }

  service_connect_configuration {
    enabled   = true
    namespace = aws_service_discovery_public_dns_namespace.services.arn

    service {
      port_name = "http"

      client_alias {
        port     = 8080
        dns_name = "prices"
      }
    }
  }
}
