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

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

resource "aws_security_group" "legacy" {
  name   = "legacy-balancer"
  vpc_id = var.vpc_id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_elb" "legacy" {
  name            = "legacy"
  subnets         = var.subnet_ids
  security_groups = [aws_security_group.legacy.id]

  listener {
    lb_port            = 443
    lb_protocol        = "https"
    instance_port      = 8080
    instance_protocol  = "http"
    ssl_certificate_id = var.certificate_arn
  }
}

resource "aws_launch_template" "legacy" {
  name          = "legacy"
  image_id      = var.ami_id
  instance_type = "t3.small"
}

resource "aws_autoscaling_group" "legacy" {
  name                = "legacy"
  min_size            = 2
  max_size            = 6
  vpc_zone_identifier = var.subnet_ids
  load_balancers      = [aws_elb.legacy.name]

  launch_template {
    id      = aws_launch_template.legacy.id
    version = aws_launch_template.legacy.latest_version
  }
}
