resource "aws_iam_role" "orders" {
  name = "orders"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_policy_attachment" "audit" {
  name       = "audit"
  roles      = [aws_iam_role.orders.name]
  policy_arn = aws_iam_policy.audit.arn
}

resource "aws_iam_policy" "audit" {
  name = "audit"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "dynamodb:PutItem", Resource = aws_dynamodb_table.audit.arn }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "orders.zip"

  environment {
    variables = {
      ORDERS_TABLE   = aws_dynamodb_table.orders.name
      SESSIONS_TABLE = aws_dynamodb_table.sessions.name
      CARDS_TABLE    = aws_dynamodb_table.cards.arn
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

# A key that AWS owns.
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

# A key that AWS manages.
resource "aws_dynamodb_table" "sessions" {
  name         = "sessions"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

# A key of our own.
resource "aws_dynamodb_table" "cards" {
  name         = "cards"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.cards.arn
  }
}

# Nothing but the role speaks of it.
resource "aws_dynamodb_table" "audit" {
  name         = "audit"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}
