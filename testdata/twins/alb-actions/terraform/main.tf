variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

variable "client_secret" {
  type        = string
  sensitive   = true
  description = "Secret of the client at the identity provider"
}

variable "role_arn" {
  type        = string
  description = "Role of the function"
}

resource "aws_lb" "shop" {
  name    = "shop"
  subnets = var.subnet_ids
}

resource "aws_lb_trust_store" "clients" {
  name                             = "clients"
  ca_certificates_bundle_s3_bucket = "trust-stores"
  ca_certificates_bundle_s3_key    = "clients.pem"
}

# The balancer still ends TLS: "passthrough" hands on the client's certificate, not the session.
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-3-2021-06"
  certificate_arn   = var.certificate_arn

  mutual_authentication {
    mode = "passthrough"
  }

  default_action {
    type = "authenticate-oidc"

    authenticate_oidc {
      authorization_endpoint = "https://login.example.com/authorize"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com/userinfo"
      issuer                 = "https://login.example.com"
      client_id              = "shop"
      client_secret          = var.client_secret
    }
  }

  default_action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.stable.arn
        weight = 90
      }

      target_group {
        arn    = aws_lb_target_group.canary.arn
        weight = 10
      }
    }
  }
}

resource "aws_lb_listener_rule" "function" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.function.arn
  }

  condition {
    path_pattern {
      values = ["/function/*"]
    }
  }
}

resource "aws_lb_listener" "verified" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 8443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn

  mutual_authentication {
    mode            = "verify"
    trust_store_arn = aws_lb_trust_store.clients.arn
  }

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_target_group" "stable" {
  name     = "stable"
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "stable" {
  target_group_arn = aws_lb_target_group.stable.arn
  target_id        = aws_instance.stable.id
}

# One in ten requests goes on in the clear.
resource "aws_lb_target_group" "canary" {
  name     = "canary"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "canary" {
  target_group_arn = aws_lb_target_group.canary.arn
  target_id        = aws_instance.canary.id
  port             = 8081
}

resource "aws_lb_target_group" "function" {
  name        = "function"
  target_type = "lambda"
}

resource "aws_lb_target_group_attachment" "function" {
  target_group_arn = aws_lb_target_group.function.arn
  target_id        = aws_lambda_function.shop.arn
}

resource "aws_instance" "stable" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}

resource "aws_instance" "canary" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}

resource "aws_lambda_function" "shop" {
  function_name = "shop"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "shop.zip"
}
