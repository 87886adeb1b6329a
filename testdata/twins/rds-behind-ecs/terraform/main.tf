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

variable "availability_zone" {
  type        = string
  description = "Zone of the reports server and its volume"
}

variable "ami_id" {
  type        = string
  description = "Image of the servers"
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

variable "execution_role_arn" {
  type        = string
  description = "Role that pulls the image and writes logs"
}

variable "image" {
  type        = string
  description = "Container image of the service"
}
