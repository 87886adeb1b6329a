locals {
  modes = { none = null, preferred = "preferred", required = "required" }
}

resource "aws_elasticache_replication_group" "sessions" {
  for_each = local.modes

  replication_group_id       = each.key
  description                = "sessions"
  node_type                  = "cache.t4g.micro"
  engine                     = "redis"
  transit_encryption_enabled = true
  transit_encryption_mode    = each.value
}

resource "aws_lambda_function" "shop" {
  for_each = local.modes

  function_name = each.key
  role          = "arn:aws:iam::111122223333:role/shop"

  environment {
    variables = {
      SESSIONS = "redis://${aws_elasticache_replication_group.sessions[each.key].primary_endpoint_address}:6379"
    }
  }
}

resource "aws_lambda_function_url" "shop" {
  for_each = local.modes

  function_name      = aws_lambda_function.shop[each.key].function_name
  authorization_type = "NONE"
}
