variable "role_arn" {
  type        = string
  description = "Role of the function"
}

variable "primary_key_arn" {
  type        = string
  description = "Multi-Region key in another Region"
}

resource "aws_lambda_function" "jobs" {
  function_name = "jobs"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "jobs.zip"

  environment {
    variables = {
      ALIAS    = aws_sqs_queue.alias.url
      OWN_KEY  = aws_sqs_queue.own.url
      REPLICA  = aws_sqs_queue.replica.url
      ELSE     = aws_sqs_queue.elsewhere.url
      MANAGED  = aws_sqs_queue.managed.url
      NOBODY   = aws_sqs_queue.nobody.url
      DATABASE = aws_db_instance.jobs.address
    }
  }
}

resource "aws_lambda_function_url" "jobs" {
  function_name      = aws_lambda_function.jobs.function_name
  authorization_type = "NONE"
}

resource "aws_kms_key" "jobs" {
  description = "The jobs"
}

resource "aws_kms_alias" "jobs" {
  name          = "alias/jobs"
  target_key_id = aws_kms_key.jobs.key_id
}

resource "aws_kms_replica_key" "jobs" {
  primary_key_arn = var.primary_key_arn
}

resource "aws_sqs_queue" "alias" {
  name              = "alias"
  kms_master_key_id = aws_kms_alias.jobs.name
}

resource "aws_sqs_queue" "own" {
  name              = "own"
  kms_master_key_id = aws_kms_key.jobs.arn
}

resource "aws_sqs_queue" "replica" {
  name              = "replica"
  kms_master_key_id = aws_kms_replica_key.jobs.arn
}

resource "aws_sqs_queue" "elsewhere" {
  name              = "elsewhere"
  kms_master_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

# Named, and AWS's all the same.
resource "aws_sqs_queue" "managed" {
  name              = "managed"
  kms_master_key_id = "alias/aws/sqs"
}

resource "aws_sqs_queue" "nobody" {
  name                    = "nobody"
  sqs_managed_sse_enabled = false
}

# Encrypted, and with no key of one's own.
resource "aws_db_instance" "jobs" {
  identifier        = "jobs"
  engine            = "postgres"
  engine_version    = "16"
  instance_class    = "db.t4g.small"
  storage_encrypted = true
}
