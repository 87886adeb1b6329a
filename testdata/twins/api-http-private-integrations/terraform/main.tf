variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets in at least two zones"
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

variable "task_definition_arn" {
  type        = string
  description = "Task definition of the reports service"
}

resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_vpc_link" "shop" {
  name               = "shop"
  subnet_ids         = var.subnet_ids
  security_group_ids = []
}

resource "aws_apigatewayv2_route" "secure" {
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "ANY /orders"
  target    = "integrations/${aws_apigatewayv2_integration.secure.id}"
}

resource "aws_apigatewayv2_integration" "secure" {
  api_id             = aws_apigatewayv2_api.shop.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri    = aws_lb_listener.https.arn
  connection_type    = "VPC_LINK"
  connection_id      = aws_apigatewayv2_vpc_link.shop.id

  tls_config {
    server_name_to_verify = "orders.example.com"
  }
}

# The listener speaks HTTPS; without a TLS configuration the integration does not.
resource "aws_apigatewayv2_route" "plain" {
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "ANY /legacy"
  target    = "integrations/${aws_apigatewayv2_integration.plain.id}"
}

resource "aws_apigatewayv2_integration" "plain" {
  api_id             = aws_apigatewayv2_api.shop.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri    = aws_lb_listener.https.arn
  connection_type    = "VPC_LINK"
  connection_id      = aws_apigatewayv2_vpc_link.shop.id
}

resource "aws_apigatewayv2_route" "discovered" {
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "ANY /reports"
  target    = "integrations/${aws_apigatewayv2_integration.discovered.id}"
}

resource "aws_apigatewayv2_integration" "discovered" {
  api_id             = aws_apigatewayv2_api.shop.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri    = aws_service_discovery_service.reports.arn
  connection_type    = "VPC_LINK"
  connection_id      = aws_apigatewayv2_vpc_link.shop.id
}

resource "aws_lb" "orders" {
  name     = "orders"
  internal = true
  subnets  = var.subnet_ids
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.orders.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders.arn
  }
}

resource "aws_lb_target_group" "orders" {
  name        = "orders"
  port        = 8443
  protocol    = "HTTPS"
  target_type = "ip"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "orders" {
  target_group_arn = aws_lb_target_group.orders.arn
  target_id        = "10.0.0.10"
}

resource "aws_service_discovery_private_dns_namespace" "main" {
  name = "shop.internal"
  vpc  = var.vpc_id
}

resource "aws_service_discovery_service" "reports" {
  name = "reports"

  dns_config {
    namespace_id = aws_service_discovery_private_dns_namespace.main.id

    dns_records {
      type = "SRV"
      ttl  = 10
    }
  }
}

resource "aws_ecs_service" "reports" {
  name            = "reports"
  task_definition = var.task_definition_arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = var.subnet_ids
  }

  service_registries {
    registry_arn = aws_service_discovery_service.reports.arn
    port         = 8080
  }
}
