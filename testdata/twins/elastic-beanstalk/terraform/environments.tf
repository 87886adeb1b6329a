resource "aws_elastic_beanstalk_application" "shop" {
  name = "shop"
}

# HTTPS at the balancer, HTTP to the servers, although the process has port 443.
resource "aws_elastic_beanstalk_environment" "shop" {
  name                = "shop"
  application         = aws_elastic_beanstalk_application.shop.name
  solution_stack_name = var.solution_stack

  setting {
    namespace = "aws:elasticbeanstalk:environment"
    name      = "LoadBalancerType"
    value     = "application"
  }

  setting {
    namespace = "aws:elbv2:listener:default"
    name      = "ListenerEnabled"
    value     = "false"
  }

  setting {
    namespace = "aws:elbv2:listener:443"
    name      = "Protocol"
    value     = "HTTPS"
  }

  setting {
    namespace = "aws:elbv2:listener:443"
    name      = "SSLCertificateArns"
    value     = var.certificate_arn
  }

  setting {
    namespace = "aws:elbv2:listener:443"
    name      = "SSLPolicy"
    value     = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  }

  setting {
    namespace = "aws:elbv2:listener:443"
    name      = "Rules"
    value     = "admin"
  }

  setting {
    namespace = "aws:elbv2:listenerrule:admin"
    name      = "Process"
    value     = "admin"
  }

  setting {
    namespace = "aws:elbv2:listenerrule:admin"
    name      = "PathPatterns"
    value     = "/admin/*"
  }

  setting {
    namespace = "aws:elasticbeanstalk:environment:process:default"
    name      = "Port"
    value     = "443"
  }

  setting {
    namespace = "aws:elasticbeanstalk:environment:process:default"
    name      = "Protocol"
    value     = "HTTP"
  }

  setting {
    namespace = "aws:elasticbeanstalk:environment:process:admin"
    name      = "Port"
    value     = "8443"
  }

  setting {
    namespace = "aws:elasticbeanstalk:environment:process:admin"
    name      = "Protocol"
    value     = "HTTPS"
  }

  setting {
    namespace = "aws:elasticbeanstalk:application:environment"
    name      = "DATABASE_URL"
    value     = "postgres://shop:${var.database_password}@${aws_db_instance.shop.address}:5432/shop?sslmode=verify-full"
  }
}

resource "aws_route53_record" "shop" {
  zone_id = var.zone_id
  name    = "shop.example.com"
  type    = "CNAME"
  ttl     = 300
  records = [aws_elastic_beanstalk_environment.shop.cname]
}

resource "aws_db_instance" "shop" {
  identifier        = "shop"
  engine            = "postgres"
  instance_class    = "db.t4g.medium"
  allocated_storage = 50
  username          = "shop"
  password          = var.database_password
  storage_encrypted = true
}

resource "aws_elastic_beanstalk_configuration_template" "legacy" {
  name                = "legacy"
  application         = aws_elastic_beanstalk_application.shop.name
  solution_stack_name = var.solution_stack

  setting {
    namespace = "aws:elb:listener"
    name      = "ListenerEnabled"
    value     = "false"
  }

  setting {
    namespace = "aws:elb:listener:443"
    name      = "ListenerProtocol"
    value     = "HTTPS"
  }

  setting {
    namespace = "aws:elb:listener:443"
    name      = "SSLCertificateId"
    value     = var.certificate_arn
  }

  setting {
    namespace = "aws:elb:listener:443"
    name      = "InstanceProtocol"
    value     = "HTTP"
  }
}

# A classic balancer whose servers are known by their key. The template alone would send HTTP.
resource "aws_elastic_beanstalk_environment" "legacy" {
  name          = "legacy"
  application   = aws_elastic_beanstalk_application.shop.name
  template_name = aws_elastic_beanstalk_configuration_template.legacy.name

  setting {
    namespace = "aws:elasticbeanstalk:environment"
    name      = "LoadBalancerType"
    value     = "classic"
  }

  setting {
    namespace = "aws:elb:listener:443"
    name      = "InstanceProtocol"
    value     = "HTTPS"
  }

  setting {
    namespace = "aws:elb:listener:443"
    name      = "InstancePort"
    value     = "8443"
  }

  setting {
    namespace = "aws:elb:policies:servers"
    name      = "PublicKey"
    value     = var.server_key
  }

  setting {
    namespace = "aws:elb:policies:pinned"
    name      = "PublicKeyPolicyNames"
    value     = "servers"
  }

  setting {
    namespace = "aws:elb:policies:pinned"
    name      = "InstancePorts"
    value     = "8443"
  }
}

# Nothing is said of listeners: configuration files of the application may say anything.
resource "aws_elastic_beanstalk_environment" "plain" {
  name                = "plain"
  application         = aws_elastic_beanstalk_application.shop.name
  solution_stack_name = var.solution_stack

  setting {
    namespace = "aws:elasticbeanstalk:environment"
    name      = "LoadBalancerType"
    value     = "application"
  }
}

resource "aws_elastic_beanstalk_environment" "jobs" {
  name                = "jobs"
  application         = aws_elastic_beanstalk_application.shop.name
  solution_stack_name = var.solution_stack
  tier                = "Worker"
}

resource "aws_elastic_beanstalk_environment" "single" {
  name                = "single"
  application         = aws_elastic_beanstalk_application.shop.name
  solution_stack_name = var.solution_stack

  setting {
    namespace = "aws:elasticbeanstalk:environment"
    name      = "EnvironmentType"
    value     = "SingleInstance"
  }
}

resource "aws_elastic_beanstalk_environment" "stream" {
  name                = "stream"
  application         = aws_elastic_beanstalk_application.shop.name
  solution_stack_name = var.solution_stack

  setting {
    namespace = "aws:elasticbeanstalk:environment"
    name      = "LoadBalancerType"
    value     = "network"
  }

  setting {
    namespace = "aws:elbv2:listener:default"
    name      = "ListenerEnabled"
    value     = "false"
  }

  setting {
    namespace = "aws:elbv2:listener:443"
    name      = "ListenerEnabled"
    value     = "true"
  }

  setting {
    namespace = "aws:elbv2:listener:443"
    name      = "DefaultProcess"
    value     = "tls"
  }

  setting {
    namespace = "aws:elasticbeanstalk:environment:process:tls"
    name      = "Port"
    value     = "443"
  }
}
