variable "role_arn" {
  type        = string
  description = "Role of the function"
}

resource "aws_lambda_function" "producer" {
  function_name = "producer"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "producer.zip"

  environment {
    variables = {
      STREAM = aws_kinesis_stream.events.arn
      QUEUE  = aws_sqs_queue.orders.url
      TOPIC  = aws_sns_topic.news.arn
      BUCKET = aws_s3_bucket.archive.arn
    }
  }
}

resource "aws_lambda_function_url" "producer" {
  function_name      = aws_lambda_function.producer.function_name
  authorization_type = "NONE"
}

resource "aws_kms_key" "events" {
  description = "The events"
}

resource "aws_kinesis_stream" "events" {
  name            = "events"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = aws_kms_key.events.arn
}

resource "aws_sqs_queue" "orders" {
  name                    = "orders"
  sqs_managed_sse_enabled = true
}

resource "aws_sqs_queue" "audit" {
  name              = "audit"
  kms_master_key_id = "alias/aws/sqs"
}

resource "aws_sns_topic" "news" {
  name              = "news"
  kms_master_key_id = aws_kms_key.events.id
}

resource "aws_sns_topic_subscription" "audit" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.audit.arn
}

# A subscriber gets every message, this one in the clear.
resource "aws_sns_topic_subscription" "plain" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "http"
  endpoint  = "http://hooks.example.com/news"
}

resource "aws_sns_topic_subscription" "secure" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "https"
  endpoint  = "https://hooks.example.net/news"
}

resource "aws_s3_bucket" "archive" {
  bucket = "archive-example"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "archive" {
  bucket = aws_s3_bucket.archive.bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.events.arn
    }
  }
}
