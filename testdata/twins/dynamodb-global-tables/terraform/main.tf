variable "role_arn" {
  type        = string
  description = "Role of the function"
}

provider "aws" {
  region = "eu-central-1"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "orders.zip"

  environment {
    variables = {
      CARDS_TABLE    = aws_dynamodb_table.cards.name
      SESSIONS_TABLE = aws_dynamodb_table.sessions.name
      PAGES_TABLE    = aws_dynamodb_table.pages.arn
    }
  }
}

resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.arn
  authorization_type = "NONE"
}

resource "aws_kms_key" "cards" {
  description = "The cards"
}

# A key of our own in each Region.
resource "aws_dynamodb_table" "cards" {
  name             = "cards"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.cards.arn
  }

  replica {
    region_name = "eu-west-1"
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }
}

# A key that AWS manages.
resource "aws_dynamodb_table" "sessions" {
  name             = "sessions"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }

  replica {
    region_name = "eu-west-1"
  }
}

# A key that AWS owns.
resource "aws_dynamodb_table" "pages" {
  name             = "pages"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled = false
  }

  replica {
    region_name = "eu-west-1"
  }
}
