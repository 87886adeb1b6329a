variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "network"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "web" {
  name        = "web"
  port        = 8443
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = var.vpc_id
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "web"
      image        = "public.ecr.aws/example/web:1"
      portMappings = [{ containerPort = 8443 }]
      environment = [
        { name = "SECURE_URL", value = "rediss://${aws_elasticache_replication_group.secure.primary_endpoint_address}:6379" },
        { name = "PLAIN_URL", value = "redis://${aws_elasticache_replication_group.plain.primary_endpoint_address}:6379" },
        { name = "EITHER_HOST", value = aws_elasticache_replication_group.either.configuration_endpoint_address },
        { name = "SINGLE_HOST", value = aws_elasticache_cluster.single.cache_nodes[0].address },
        { name = "SERVERLESS_HOST", value = aws_elasticache_serverless_cache.serverless.endpoint[0].address },
        { name = "DURABLE_HOST", value = aws_memorydb_cluster.durable.cluster_endpoint[0].address },
        { name = "OPEN_HOST", value = aws_memorydb_cluster.open.cluster_endpoint[0].address },
      ]
    }
  ])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = var.subnet_ids
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8443
  }
}

resource "aws_kms_key" "cache" {
  description = "The caches"
}

resource "aws_elasticache_replication_group" "secure" {
  replication_group_id       = "secure"
  description                = "TLS only"
  engine                     = "redis"
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.cache.arn
}

resource "aws_elasticache_replication_group" "plain" {
  replication_group_id       = "plain"
  description                = "No TLS"
  engine                     = "redis"
  transit_encryption_enabled = false
  at_rest_encryption_enabled = false
}

resource "aws_elasticache_replication_group" "either" {
  replication_group_id       = "either"
  description                = "TLS and plaintext"
  engine                     = "redis"
  transit_encryption_enabled = true
  transit_encryption_mode    = "preferred"
  at_rest_encryption_enabled = true
}

resource "aws_elasticache_cluster" "single" {
  cluster_id                 = "single"
  engine                     = "memcached"
  node_type                  = "cache.t4g.micro"
  num_cache_nodes            = 1
  transit_encryption_enabled = false
}

resource "aws_elasticache_serverless_cache" "serverless" {
  name   = "serverless"
  engine = "valkey"
}

resource "aws_memorydb_cluster" "durable" {
  name        = "durable"
  acl_name    = "users"
  node_type   = "db.t4g.small"
  tls_enabled = true
  kms_key_arn = aws_kms_key.cache.arn
}

resource "aws_memorydb_cluster" "open" {
  name        = "open"
  acl_name    = "open-access"
  node_type   = "db.t4g.small"
  tls_enabled = false
}
