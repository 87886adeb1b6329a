resource "aws_lambda_function" "f" {
  function_name = "f"
  role = "arn:aws:iam::1:role/x"
  handler = "i.h"
  runtime = "nodejs20.x"
  filename = "x.zip"
  environment {
    variables = {
      U = "http://sqs.eu-west-1.amazonaws.com/1/${aws_sqs_queue.q.name}"
    }
  }
}

resource "aws_lambda_function_url" "f" {
  function_name = aws_lambda_function.f.function_name
  authorization_type = "NONE"
}

resource "aws_sqs_queue" "q" {
  name = "q"
}
