variable "image_id" {
  type        = string
  description = "Image of the server"
}

variable "role_arn" {
  type        = string
  description = "Role that starts the containers"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

resource "aws_lb" "main" {
  load_balancer_type = "network"
  internal           = false
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "web" {
  port        = 443
  protocol    = "TCP"
  target_type = "instance"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web.id
  port             = 443
}

resource "aws_lb_listener" "jobs" {
  load_balancer_arn = aws_lb.main.arn
  port              = 8443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.jobs.arn
  }
}

resource "aws_lb_target_group" "jobs" {
  port        = 8443
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = var.vpc_id
}

# The server fetches its private key when it starts.
resource "aws_instance" "web" {
  ami           = var.image_id
  instance_type = "t3.small"

  user_data = <<-EOT
    #!/bin/sh
    aws secretsmanager get-secret-value --secret-id ${aws_secretsmanager_secret.web_key.arn} --query SecretString --output text > /etc/ssl/web.key
  EOT
}

resource "aws_secretsmanager_secret" "web_key" {
  name = "web-key"
}

resource "aws_secretsmanager_secret_version" "web_key" {
  secret_id     = aws_secretsmanager_secret.web_key.id
  secret_string = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
}

resource "aws_ecs_task_definition" "jobs" {
  family                   = "jobs"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = var.role_arn

  container_definitions = jsonencode([
    {
      name         = "jobs"
      image        = "public.ecr.aws/example/jobs:1"
      portMappings = [{ containerPort = 8443 }]
      secrets = [
        { name = "SESSIONS_URL", valueFrom = aws_secretsmanager_secret.sessions_url.arn },
        { name = "PAGES_URL", valueFrom = aws_secretsmanager_secret.pages_url.arn },
      ]
    }
  ])
}

resource "aws_ecs_service" "jobs" {
  name            = "jobs"
  task_definition = aws_ecs_task_definition.jobs.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = var.subnet_ids
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.jobs.arn
    container_name   = "jobs"
    container_port   = 8443
  }
}

resource "aws_secretsmanager_secret" "sessions_url" {
  name = "sessions-url"
}

resource "aws_secretsmanager_secret_version" "sessions_url" {
  secret_id     = aws_secretsmanager_secret.sessions_url.id
  secret_string = "rediss://${aws_elasticache_replication_group.sessions.primary_endpoint_address}:6379"
}

resource "aws_secretsmanager_secret" "pages_url" {
  name = "pages-url"
}

resource "aws_secretsmanager_secret_version" "pages_url" {
  secret_id     = aws_secretsmanager_secret.pages_url.id
  secret_string = "redis://${aws_elasticache_replication_group.pages.primary_endpoint_address}:6379"
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "TLS only"
  engine                     = "redis"
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
}

resource "aws_elasticache_replication_group" "pages" {
  replication_group_id       = "pages"
  description                = "No TLS"
  engine                     = "redis"
  transit_encryption_enabled = false
  at_rest_encryption_enabled = false
}
