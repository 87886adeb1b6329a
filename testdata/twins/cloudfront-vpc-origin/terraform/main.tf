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

resource "aws_cloudfront_vpc_origin" "secure" {
  vpc_origin_endpoint_config {
    name                   = "secure"
    arn                    = aws_lb.web.arn
    http_port              = 80
    https_port             = 443
    origin_protocol_policy = "https-only"

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }
}

# Private is not encrypted.
resource "aws_cloudfront_vpc_origin" "plain" {
  vpc_origin_endpoint_config {
    name                   = "plain"
    arn                    = aws_instance.reports.arn
    http_port              = 8080
    https_port             = 443
    origin_protocol_policy = "http-only"

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true

  origin {
    origin_id   = "secure"
    domain_name = "web.example.com"

    vpc_origin_config {
      vpc_origin_id = aws_cloudfront_vpc_origin.secure.id
    }
  }

  origin {
    origin_id   = "plain"
    domain_name = "reports.example.com"

    vpc_origin_config {
      vpc_origin_id = aws_cloudfront_vpc_origin.plain.id
    }
  }

  default_cache_behavior {
    target_origin_id       = "secure"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }

  ordered_cache_behavior {
    path_pattern           = "/reports/*"
    target_origin_id       = "plain"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
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

resource "aws_lb" "web" {
  name     = "web"
  internal = true
  subnets  = var.subnet_ids
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "web" {
  name     = "web"
  port     = 443
  protocol = "HTTPS"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web.id
}

resource "aws_instance" "web" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}

resource "aws_instance" "reports" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}
