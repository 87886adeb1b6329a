variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the API's name"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

# An API under a name of its own, in front of a search domain of the older kind.
resource "aws_appsync_graphql_api" "search" {
  name                = "search"
  authentication_type = "AWS_IAM"
}

resource "aws_appsync_domain_name" "search" {
  domain_name     = "search.example.com"
  certificate_arn = var.certificate_arn
}

resource "aws_appsync_domain_name_api_association" "search" {
  api_id      = aws_appsync_graphql_api.search.id
  domain_name = aws_appsync_domain_name.search.domain_name
}

resource "aws_appsync_datasource" "search" {
  api_id = aws_appsync_graphql_api.search.id
  name   = "search"
  type   = "AMAZON_ELASTICSEARCH"

  elasticsearch_config {
    endpoint = "https://${aws_elasticsearch_domain.search.endpoint}"
  }
}

resource "aws_elasticsearch_domain" "search" {
  domain_name = "search"

  domain_endpoint_options {
    enforce_https = false
  }

  encrypt_at_rest {
    enabled = false
  }
}

# A distribution that calls the API by its name.
resource "aws_cloudfront_distribution" "search" {
  enabled = true

  origin {
    origin_id   = "search"
    domain_name = "search.example.com"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id       = "search"
    viewer_protocol_policy = "redirect-to-https"
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

# A service that a private network reaches by a connection of its own.
resource "aws_apprunner_service" "internal" {
  service_name = "internal"

  source_configuration {
    image_repository {
      image_identifier      = "public.ecr.aws/example/internal:1"
      image_repository_type = "ECR_PUBLIC"
    }
  }

  network_configuration {
    ingress_configuration {
      is_publicly_accessible = false
    }
  }
}

resource "aws_apprunner_vpc_ingress_connection" "internal" {
  name        = "internal"
  service_arn = aws_apprunner_service.internal.arn

  ingress_vpc_configuration {
    vpc_id          = var.vpc_id
    vpc_endpoint_id = "vpce-0123456789abcdef0"
  }
}

# A balancer whose listener is shared by reference to it.
resource "aws_alb" "web" {
  name     = "web"
  internal = true
  subnets  = var.subnet_ids
}

resource "aws_alb_listener" "web" {
  load_balancer_arn = aws_alb.web.id
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_alb_target_group.web.id
  }
}

resource "aws_alb_target_group" "web" {
  name        = "web"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = var.vpc_id
}

resource "aws_alb_target_group_attachment" "web" {
  target_group_arn = aws_alb_target_group.web.arn
  target_id        = "10.0.0.10"
}
