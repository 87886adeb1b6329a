terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "ami_id" {
  type        = string
  description = "Image of the servers"
}

variable "domain_name" {
  type        = string
  description = "Name that viewers use"
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

variable "viewer_certificate_arn" {
  type        = string
  description = "ACM certificate of the distribution, in us-east-1"
}

variable "cloudfront_prefix_list_id" {
  type        = string
  description = "Managed prefix list with the addresses of CloudFront's origin-facing servers"
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true
  aliases = [var.domain_name]

  origin {
    origin_id   = "balancer"
    domain_name = aws_lb.web.dns_name

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id         = "balancer"
    viewer_protocol_policy   = "https-only"
    allowed_methods          = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods           = ["GET", "HEAD"]
    cache_policy_id          = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" # Managed-CachingDisabled
    origin_request_policy_id = "216adef6-5c7f-47e4-b989-5492eafa07d3" # Managed-AllViewer

    field_level_encryption_id = aws_cloudfront_field_level_encryption_config.cards.id
  }

  viewer_certificate {
    acm_certificate_arn      = var.viewer_certificate_arn
    minimum_protocol_version = "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}

resource "aws_security_group" "web" {
  name   = "web-balancer"
  vpc_id = var.vpc_id

  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    prefix_list_ids = [var.cloudfront_prefix_list_id]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  security_groups    = [aws_security_group.web.id]
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.server.arn
  }
}

resource "aws_lb_target_group" "server" {
  name     = "server"
  port     = 443
  protocol = "HTTPS"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "server" {
  target_group_arn = aws_lb_target_group.server.arn
  target_id        = aws_instance.server.id
  port             = 443
}

resource "aws_instance" "server" {
  ami           = var.ami_id
  instance_type = "t3.small"
  subnet_id     = var.subnet_ids[0]
}

variable "cards_public_key" {
  type        = string
  description = "PEM of the public key that card numbers are encrypted with"
}

resource "aws_cloudfront_public_key" "cards" {
  name        = "cards"
  encoded_key = var.cards_public_key
}

resource "aws_cloudfront_field_level_encryption_profile" "cards" {
  name = "cards"

  encryption_entities {
    items {
      public_key_id = aws_cloudfront_public_key.cards.id
      provider_id   = "shop"

      field_patterns {
        items = ["card_number", "card_holder"]
      }
    }
  }
}

resource "aws_cloudfront_field_level_encryption_config" "cards" {
  content_type_profile_config {
    forward_when_content_type_is_unknown = false

    content_type_profiles {
      items {
        content_type = "application/x-www-form-urlencoded"
        format       = "URLEncoded"
        profile_id   = aws_cloudfront_field_level_encryption_profile.cards.id
      }
    }
  }

  query_arg_profile_config {
    forward_when_query_arg_profile_is_unknown = false
  }
}
