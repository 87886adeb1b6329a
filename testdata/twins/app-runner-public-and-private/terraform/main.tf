resource "aws_apprunner_service" "web" {
  service_name = "shop-web"

  source_configuration {
    image_repository {
      image_identifier      = "public.ecr.aws/example/web:1"
      image_repository_type = "ECR_PUBLIC"

      image_configuration {
        port = "8080"
      }
    }
  }
}

resource "aws_apprunner_service" "internal" {
  service_name = "internal"

  source_configuration {
    image_repository {
      image_identifier      = "public.ecr.aws/example/internal:1"
      image_repository_type = "ECR_PUBLIC"

      image_configuration {
        port = "8080"

        runtime_environment_variables = {
          CACHE_URL = "redis://${aws_elasticache_replication_group.sessions.primary_endpoint_address}:6379"
        }
      }
    }
  }

  network_configuration {
    ingress_configuration {
      is_publicly_accessible = false
    }
  }
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "Sessions"
  engine                     = "redis"
  transit_encryption_enabled = false
  at_rest_encryption_enabled = true
}
