variable "bucket_arn" {
  type        = string
  description = "Bucket that the stream delivers to"
}

variable "role_arn" {
  type        = string
  description = "Role of the API, the stream and the state machine"
}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  services = "arn:${data.aws_partition.current.partition}:apigateway:${data.aws_region.current.region}"
}

resource "aws_api_gateway_rest_api" "events" {
  name = "events"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "clicks" {
  rest_api_id = aws_api_gateway_rest_api.events.id
  parent_id   = aws_api_gateway_rest_api.events.root_resource_id
  path_part   = "clicks"
}

resource "aws_api_gateway_integration" "clicks" {
  rest_api_id             = aws_api_gateway_rest_api.events.id
  resource_id             = aws_api_gateway_resource.clicks.id
  http_method             = "POST"
  type                    = "AWS"
  integration_http_method = "POST"
  credentials             = var.role_arn
  uri                     = "arn:${data.aws_partition.current.partition}:apigateway:${data.aws_region.current.region}:firehose:action/PutRecord"

  request_templates = {
    "application/json" = "{\"DeliveryStreamName\": \"clicks\", \"Record\": {\"Data\": \"$util.base64Encode($input.body)\"}}"
  }
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.events.id
  parent_id   = aws_api_gateway_rest_api.events.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_integration" "orders" {
  rest_api_id             = aws_api_gateway_rest_api.events.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = "POST"
  type                    = "AWS"
  integration_http_method = "POST"
  credentials             = var.role_arn
  uri                     = "${local.services}:states:action/StartExecution"

  request_templates = {
    "application/json" = "{\"stateMachineArn\": \"${aws_sfn_state_machine.orders.arn}\", \"input\": \"$util.escapeJavaScript($input.body)\"}"
  }
}

resource "aws_api_gateway_resource" "notices" {
  rest_api_id = aws_api_gateway_rest_api.events.id
  parent_id   = aws_api_gateway_rest_api.events.root_resource_id
  path_part   = "notices"
}

resource "aws_api_gateway_integration" "notices" {
  rest_api_id             = aws_api_gateway_rest_api.events.id
  resource_id             = aws_api_gateway_resource.notices.id
  http_method             = "POST"
  type                    = "AWS"
  integration_http_method = "POST"
  credentials             = var.role_arn
  uri                     = "${local.services}:events:action/PutEvents"

  request_templates = {
    "application/json" = jsonencode({
      Entries = [{ EventBusName = "notices", Source = "web", DetailType = "notice", Detail = "{}" }]
    })
  }
}

resource "aws_api_gateway_resource" "archive" {
  rest_api_id = aws_api_gateway_rest_api.events.id
  parent_id   = aws_api_gateway_rest_api.events.root_resource_id
  path_part   = "archive"
}

resource "aws_api_gateway_integration" "archive" {
  rest_api_id             = aws_api_gateway_rest_api.events.id
  resource_id             = aws_api_gateway_resource.archive.id
  http_method             = "POST"
  type                    = "HTTP_PROXY"
  integration_http_method = "POST"
  uri                     = "http://archive.example.net/"
}

resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "extended_s3"

  extended_s3_configuration {
    bucket_arn = var.bucket_arn
    role_arn   = var.role_arn
  }
}

resource "aws_sfn_state_machine" "orders" {
  name       = "orders"
  role_arn   = var.role_arn
  definition = jsonencode({ StartAt = "Done", States = { Done = { Type = "Succeed" } } })
}

resource "aws_cloudwatch_event_bus" "notices" {
  name = "notices"
}
