resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
}

resource "aws_api_gateway_integration" "put" {
  rest_api_id             = aws_api_gateway_rest_api.orders.id
  resource_id             = "a1b2c3"
  http_method             = "POST"
  integration_http_method = "POST"
  type                    = "AWS"
  uri                     = "arn:aws:apigateway:eu-west-1:sqs:path/111122223333/${aws_sqs_queue.orders.name}"
}

resource "aws_sqs_queue" "orders" {
  name                    = "orders"
  sqs_managed_sse_enabled = true
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = "arn:aws:iam::111122223333:role/worker"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "worker.zip"

  environment {
    variables = {
      STREAM = aws_kinesis_stream.events.arn
      TABLE  = aws_dynamodb_table.carts.arn
      TOPIC  = aws_sns_topic.news.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "worker" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.worker.arn
  enabled          = true
}

resource "aws_kinesis_stream" "events" {
  name            = "events"
  shard_count     = 1
  encryption_type = "NONE"
}

resource "aws_dynamodb_table" "carts" {
  name             = "carts"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_sns_topic" "news" {
  name              = "news"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = "arn:aws:iam::111122223333:role/reader"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "reader.zip"
}

resource "aws_lambda_event_source_mapping" "events" {
  event_source_arn  = aws_kinesis_stream.events.arn
  function_name     = "reader"
  starting_position = "LATEST"
}

resource "aws_lambda_event_source_mapping" "carts" {
  event_source_arn  = aws_dynamodb_table.carts.stream_arn
  function_name     = aws_lambda_function.reader.function_name
  starting_position = "LATEST"
}

# It is off: nothing goes this way.
resource "aws_lambda_event_source_mapping" "off" {
  event_source_arn = aws_sqs_queue.audit.arn
  function_name    = aws_lambda_function.reader.arn
  enabled          = false
}

resource "aws_sns_topic_subscription" "reader" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.reader.arn
}

resource "aws_sns_topic_subscription" "audit" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.audit.arn
}

resource "aws_sqs_queue" "audit" {
  name                    = "audit"
  sqs_managed_sse_enabled = true
}
