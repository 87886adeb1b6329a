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

resource "aws_lb" "front" {
  name               = "front"
  load_balancer_type = "network"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.front.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.balancer.arn
  }
}

resource "aws_lb_target_group" "balancer" {
  name        = "balancer"
  port        = 443
  protocol    = "TCP"
  target_type = "alb"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "balancer" {
  target_group_arn = aws_lb_target_group.balancer.arn
  target_id        = aws_lb.inner.arn
  port             = 443

  depends_on = [aws_lb_listener.inner]
}

resource "aws_security_group" "inner" {
  name   = "inner-balancer"
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

resource "aws_lb" "inner" {
  name               = "inner"
  internal           = true
  load_balancer_type = "application"
  security_groups    = [aws_security_group.inner.id]
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "inner" {
  load_balancer_arn = aws_lb.inner.arn
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
