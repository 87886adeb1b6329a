variable "more_options" {
  type = list(object({
    namespace = string
    name      = string
    value     = string
  }))
  description = "Options that a deployment adds to those below"
}

locals {
  options = [
    { namespace = "aws:elasticbeanstalk:environment", name = "LoadBalancerType", value = "application" },
    { namespace = "aws:elbv2:listener:default", name = "ListenerEnabled", value = "false" },
    { namespace = "aws:elbv2:listener:443", name = "Protocol", value = "HTTPS" },
    { namespace = "aws:elbv2:listener:443", name = "SSLCertificateArns", value = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d" },
    { namespace = "aws:elasticbeanstalk:environment:process:default", name = "Protocol", value = "HTTPS" },
    { namespace = "aws:elasticbeanstalk:environment:process:default", name = "Port", value = "443" },
  ]
}

resource "aws_elastic_beanstalk_environment" "shop" {
  name                = "shop"
  application         = "shop"
  solution_stack_name = "64bit Amazon Linux 2023 v6.1.0 running Node.js 20"

  dynamic "setting" {
    for_each = local.options
    content {
      namespace = setting.value.namespace
      name      = setting.value.name
      value     = setting.value.value
    }
  }

  dynamic "setting" {
    for_each = var.more_options
    content {
      namespace = setting.value.namespace
      name      = setting.value.name
      value     = setting.value.value
    }
  }
}

resource "aws_elastic_beanstalk_environment" "back_office" {
  name                = "back-office"
  application         = "shop"
  solution_stack_name = "64bit Amazon Linux 2023 v6.1.0 running Node.js 20"

  dynamic "setting" {
    for_each = local.options
    content {
      namespace = setting.value.namespace
      name      = setting.value.name
      value     = setting.value.value
    }
  }
}
