resource "aws_appsync_graphql_api" "catalogue" {
  name                = "catalogue"
  authentication_type = "API_KEY"
}

resource "aws_appsync_api_cache" "catalogue" {
  api_id                     = aws_appsync_graphql_api.catalogue.id
  api_caching_behavior       = "FULL_REQUEST_CACHING"
  type                       = "SMALL"
  ttl                        = 900
  transit_encryption_enabled = false
  at_rest_encryption_enabled = false
}

resource "aws_appsync_graphql_api" "orders" {
  name                = "orders"
  authentication_type = "API_KEY"
}

resource "aws_appsync_api_cache" "orders" {
  api_id                     = aws_appsync_graphql_api.orders.id
  api_caching_behavior       = "FULL_REQUEST_CACHING"
  type                       = "SMALL"
  ttl                        = 900
  transit_encryption_enabled = true
  at_rest_encryption_enabled = true
}
