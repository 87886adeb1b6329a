terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    tls = {
      source  = "hashicorp/tls"
      version = "~> 4.0"
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

resource "tls_private_key" "api" {
  algorithm   = "ECDSA"
  ecdsa_curve = "P256"
}

resource "tls_self_signed_cert" "api" {
  private_key_pem       = tls_private_key.api.private_key_pem
  validity_period_hours = 8760
  allowed_uses          = ["digital_signature", "server_auth"]
  dns_names             = ["api.example.com"]

  subject {
    common_name = "api.example.com"
  }
}

resource "aws_lb" "edge" {
  name               = "edge"
  load_balancer_type = "network"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

resource "aws_lb_target_group" "api" {
  name     = "api"
  port     = 443
  protocol = "TCP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "api" {
  target_group_arn = aws_lb_target_group.api.arn
  target_id        = aws_instance.api.id
  port             = 443
}

resource "aws_instance" "api" {
  ami           = var.ami_id
  instance_type = "t3.small"
  subnet_id     = var.subnet_ids[0]

  user_data = <<-EOT
    #!/bin/sh
    cat > /etc/nginx/tls.key <<'KEY'
    ${tls_private_key.api.private_key_pem}
    KEY
    cat > /etc/nginx/tls.crt <<'CERT'
    ${tls_self_signed_cert.api.cert_pem}
    CERT
    systemctl restart nginx
  EOT
}
