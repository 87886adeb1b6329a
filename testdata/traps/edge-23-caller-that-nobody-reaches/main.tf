variable "image" {
  type = string
}
resource "aws_apprunner_service" "site" {
  service_name = "site"
  source_configuration {
    image_repository {
      image_identifier      = var.image
      image_repository_type = "ECR"
    }
  }
}
# It calls by the clock; nothing of the internet comes this way.
resource "aws_lambda_function" "nightly" {
  function_name = "nightly"
  role          = "arn:aws:iam::111122223333:role/nightly"
  environment {
    variables = {
      SITE_URL = "https://${aws_apprunner_service.site.service_url}"
    }
  }
}
