variable "role_arn" {
  type        = string
  description = "Role of the API and of the function"
}

resource "aws_appsync_api" "news" {
  name = "news"

  event_config {
    auth_provider {
      auth_type = "AWS_IAM"
    }

    connection_auth_mode {
      auth_type = "AWS_IAM"
    }

    default_publish_auth_mode {
      auth_type = "AWS_IAM"
    }

    default_subscribe_auth_mode {
      auth_type = "AWS_IAM"
    }
  }
}

resource "aws_appsync_datasource" "news" {
  api_id           = aws_appsync_api.news.api_id
  name             = "news"
  type             = "AWS_LAMBDA"
  service_role_arn = var.role_arn

  lambda_config {
    function_arn = aws_lambda_function.news.arn
  }
}

resource "aws_appsync_datasource" "prices" {
  api_id = aws_appsync_api.news.api_id
  name   = "prices"
  type   = "HTTP"

  http_config {
    endpoint = "https://prices.example.com"
  }
}

resource "aws_appsync_datasource" "archive" {
  api_id = aws_appsync_api.news.api_id
  name   = "archive"
  type   = "HTTP"

  http_config {
    endpoint = "http://archive.example.com:8080"
  }
}

resource "aws_lambda_function" "news" {
  function_name = "news"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "news.zip"
}
