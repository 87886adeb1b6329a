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

resource "aws_security_group" "mail" {
  name   = "mail-balancer"
  vpc_id = var.vpc_id

  ingress {
    from_port   = 993
    to_port     = 993
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

resource "aws_elb" "mail" {
  name            = "mail"
  subnets         = var.subnet_ids
  security_groups = [aws_security_group.mail.id]
  instances       = [aws_instance.mail.id]

  listener {
    lb_port           = 993
    lb_protocol       = "tcp"
    instance_port     = 993
    instance_protocol = "tcp"
  }
}

resource "aws_instance" "mail" {
  ami           = var.ami_id
  instance_type = "t3.small"
  subnet_id     = var.subnet_ids[0]
}
