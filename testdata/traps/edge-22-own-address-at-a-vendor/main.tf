variable "zone_id" {
  type = string
}

# The service tells browsers its own front's address, which Vercel serves; it does not call it.
resource "aws_apprunner_service" "api" {
  service_name = "api"
  source_configuration {
    image_repository {
      image_identifier      = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1.4"
      image_repository_type = "ECR"
      image_configuration {
        port = "8080"
        runtime_environment_variables = {
          PUBLIC_URL = "https://app.example.com"
        }
      }
    }
  }
}

resource "aws_route53_record" "app" {
  zone_id = var.zone_id
  name    = "app.example.com"
  type    = "CNAME"
  ttl     = 300
  records = ["cname.vercel-dns.com."]
}
