variable "large" {
  type        = bool
  description = "Whether the portal needs larger servers"
}

variable "certificate_arn" {
  type        = string
  description = "Certificate of the intranet; empty where there is none"
}

locals {
  options = [
    { namespace = "aws:elasticbeanstalk:environment", name = "LoadBalancerType", value = "application" },
    { namespace = "aws:elbv2:listener:default", name = "ListenerEnabled", value = "false" },
    { namespace = "aws:elasticbeanstalk:environment:process:default", name = "Protocol", value = "HTTPS" },
    { namespace = "aws:elasticbeanstalk:environment:process:default", name = "Port", value = "443" },
  ]
}

resource "aws_elastic_beanstalk_environment" "portal" {
  name                = "portal"
  template_name       = var.t
  application         = "portal"
  solution_stack_name = "64bit Amazon Linux 2023 v6.1.0 running Node.js 20"

  dynamic "setting" {
    for_each = local.options
    content {
      namespace = setting.value.namespace
      name      = setting.value.name
      value     = setting.value.value
    }
  }

  setting {
    namespace = "aws:elbv2:listener:443"
    name      = "Protocol"
    value     = "HTTPS"
  }

  setting {
    namespace = "aws:elbv2:listener:443"
    name      = "SSLCertificateArns"
    value     = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  }

  dynamic "setting" {
    for_each = var.large ? [1] : []
    content {
      namespace = "aws:ec2:instances"
      name      = "InstanceTypes"
      value     = "m7i.large"
    }
  }
}

variable "t" { type = string }
