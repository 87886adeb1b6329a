resource "aws_lambda_function" "auth" {
  function_name = "auth"
  role          = "arn:aws:iam::111122223333:role/auth"
  handler       = "auth.handler"
  runtime       = "nodejs22.x"
  filename      = "auth.zip"
}

resource "aws_lambda_function" "orders" {
  for_each = toset(["only", "one_of_two", "none", "events"])

  function_name = "orders-${each.key}"
  role          = "arn:aws:iam::111122223333:role/orders"
  handler       = "orders.handler"
  runtime       = "nodejs22.x"
  filename      = "orders.zip"
}

resource "aws_appsync_graphql_api" "only" {
  name                = "only"
  authentication_type = "AWS_LAMBDA"

  lambda_authorizer_config {
    authorizer_uri = aws_lambda_function.auth.arn
  }
}

resource "aws_appsync_datasource" "only" {
  api_id = aws_appsync_graphql_api.only.id
  name   = "orders"
  type   = "AWS_LAMBDA"

  lambda_config {
    function_arn = aws_lambda_function.orders["only"].arn
  }
}

resource "aws_appsync_graphql_api" "one_of_two" {
  name                = "one-of-two"
  authentication_type = "API_KEY"

  additional_authentication_provider {
    authentication_type = "AWS_LAMBDA"

    lambda_authorizer_config {
      authorizer_uri = "arn:aws:lambda:eu-west-1:111122223333:function:auth"
    }
  }
}

resource "aws_appsync_datasource" "one_of_two" {
  api_id = aws_appsync_graphql_api.one_of_two.id
  name   = "orders"
  type   = "AWS_LAMBDA"

  lambda_config {
    function_arn = aws_lambda_function.orders["one_of_two"].arn
  }
}

resource "aws_appsync_graphql_api" "none" {
  name                = "none"
  authentication_type = "API_KEY"

  additional_authentication_provider {
    authentication_type = "AWS_IAM"
  }
}

resource "aws_appsync_datasource" "none" {
  api_id = aws_appsync_graphql_api.none.id
  name   = "orders"
  type   = "AWS_LAMBDA"

  lambda_config {
    function_arn = aws_lambda_function.orders["none"].arn
  }
}

resource "aws_appsync_api" "events" {
  name = "events"

  event_config {
    auth_provider {
      auth_type = "AWS_LAMBDA"

      lambda_authorizer_config {
        authorizer_uri = aws_lambda_function.auth.arn
      }
    }

    connection_auth_mode {
      auth_type = "AWS_LAMBDA"
    }

    default_publish_auth_mode {
      auth_type = "AWS_LAMBDA"
    }

    default_subscribe_auth_mode {
      auth_type = "AWS_LAMBDA"
    }
  }
}

resource "aws_appsync_datasource" "events" {
  api_id = aws_appsync_api.events.api_id
  name   = "orders"
  type   = "AWS_LAMBDA"

  lambda_config {
    function_arn = aws_lambda_function.orders["events"].arn
  }
}
