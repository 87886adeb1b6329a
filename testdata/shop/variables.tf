terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

variable "domain_name" {
  type        = string
  description = "Name that customers type"
}

variable "vpc_id" {
  type        = string
  description = "VPC of the shop"
}

variable "public_subnet_ids" {
  type        = list(string)
  description = "Subnets of the load balancer"
}

variable "private_subnet_ids" {
  type        = list(string)
  description = "Subnets of the servers and the database"
}

variable "ami_id" {
  type        = string
  description = "Image of the servers"
}

variable "app_port" {
  type        = number
  description = "Port that the servers listen on"
  default     = 8443
}

variable "app_protocol" {
  type        = string
  description = "Protocol of the servers, HTTP or HTTPS"
  default     = "HTTPS"
}
