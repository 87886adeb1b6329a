variable "own_key" {
  type        = bool
  description = "Whether the brokers' disks are under a key of our own"
}

resource "aws_kms_key" "orders" {
  description = "Orders"
}

resource "aws_msk_cluster" "orders" {
  cluster_name           = "orders"
  kafka_version          = "3.8.x"
  number_of_broker_nodes = 2

  broker_node_group_info {
    instance_type   = "kafka.t3.small"
    client_subnets  = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
    security_groups = ["sg-0a1b2c3d"]
  }

  dynamic "encryption_info" {
    for_each = var.own_key ? [aws_kms_key.orders.arn] : []
    content {
      encryption_at_rest_kms_key_arn = encryption_info.value
    }
  }
}

resource "aws_lambda_function" "shop" {
  function_name = "shop"
  role          = "arn:aws:iam::111122223333:role/shop"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = "shop.zip"

  environment {
    variables = { BROKERS = aws_msk_cluster.orders.bootstrap_brokers_tls }
  }
}
