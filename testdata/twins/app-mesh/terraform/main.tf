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

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the proxies, from the private authority"
}

variable "authority_arn" {
  type        = string
  description = "Private authority that the proxies trust"
}

variable "image" {
  type        = string
  description = "Container image of all services"
}

variable "proxy_image" {
  type        = string
  description = "Container image of Envoy"
}
