variable "zone_id" {
  type = string
}

# The service tells browsers its own address; the domain that is associated with it is the service itself.
resource "aws_apprunner_service" "api" {
  service_name = "api"
  source_configuration {
    image_repository {
      image_identifier      = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1.4"
      image_repository_type = "ECR"
      image_configuration {
        port = "8080"
        runtime_environment_variables = {
          API_ENDPOINT = "https://api.example.com/v1"
        }
      }
    }
  }
}

resource "aws_apprunner_custom_domain_association" "api" {
  domain_name = "api.example.com"
  service_arn = aws_apprunner_service.api.arn
}

data "aws_apprunner_hosted_zone_id" "this" {}

resource "aws_route53_record" "api" {
  zone_id = var.zone_id
  name    = "api.example.com"
  type    = "A"
  alias {
    name                   = aws_apprunner_custom_domain_association.api.dns_target
    zone_id                = data.aws_apprunner_hosted_zone_id.this.id
    evaluate_target_health = true
  }
}
