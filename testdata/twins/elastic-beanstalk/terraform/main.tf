terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "solution_stack" {
  type        = string
  description = "Platform of the environments"
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancers"
}

variable "zone_id" {
  type        = string
  description = "Hosted zone of the domain"
}

variable "database_password" {
  type        = string
  sensitive   = true
  description = "Password of the database"
}

variable "server_key" {
  type        = string
  description = "Public key of the servers of the legacy environment"
}
