variable "role_arn" {
  type        = string
  description = "Role of the function"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets of the containers"
}

resource "aws_lambda_function" "intake" {
  function_name = "intake"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "intake.zip"

  environment {
    variables = {
      STAGE         = "live"
      UPLOADS       = aws_s3_bucket.uploads.bucket
      QUEUE_NAME    = aws_sqs_queue.intake.name
      SESSION_TABLE = aws_dynamodb_table.sessions.name
    }
  }
}

resource "aws_lambda_function_url" "intake" {
  function_name      = aws_lambda_function.intake.function_name
  authorization_type = "NONE"
}

resource "aws_s3_bucket" "uploads" {
  bucket = "uploads-example"
}

resource "aws_sqs_queue" "intake" {
  name                    = "intake-jobs"
  sqs_managed_sse_enabled = false
}

resource "aws_dynamodb_table" "sessions" {
  name         = "sessions"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

# The containers find their task by its family, and their stores by their names.
resource "aws_ecs_service" "worker" {
  name            = "worker"
  task_definition = aws_ecs_task_definition.worker.family
  launch_type     = "FARGATE"

  network_configuration {
    subnets = var.subnet_ids
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.worker.arn
    container_name   = "worker"
    container_port   = 8443
  }
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "worker"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "worker"
      image        = "public.ecr.aws/example/worker:1"
      portMappings = [{ containerPort = 8443 }]
      environment = [
        { name = "RESULTS", value = aws_s3_bucket.results.bucket },
        { name = "CACHE_URL", value = "redis://${aws_elasticache_replication_group.cache.primary_endpoint_address}:6379" },
      ]
      secrets = [
        { name = "DATABASE_URL", valueFrom = aws_ssm_parameter.database.name },
      ]
    }
  ])
}

resource "aws_ssm_parameter" "database" {
  name  = "/worker/database-url"
  type  = "String"
  value = "postgres://${aws_db_instance.jobs.address}:5432/jobs?sslmode=verify-full"
}

resource "aws_db_instance" "jobs" {
  identifier        = "jobs"
  engine            = "postgres"
  engine_version    = "16.3"
  instance_class    = "db.t4g.small"
  storage_encrypted = true
}

resource "aws_s3_bucket" "results" {
  bucket = "results-example"
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id       = "cache"
  description                = "No TLS"
  engine                     = "redis"
  transit_encryption_enabled = false
  at_rest_encryption_enabled = true
}

resource "aws_lb" "worker" {
  name               = "worker"
  load_balancer_type = "network"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "worker" {
  load_balancer_arn = aws_lb.worker.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.worker.arn
  }
}

resource "aws_lb_target_group" "worker" {
  name        = "worker"
  port        = 8443
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = "vpc-0123456789abcdef0"
}
