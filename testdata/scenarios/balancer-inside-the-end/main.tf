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
}
