variable "role_arn" {
  type        = string
  description = "Role of the function and of the proxy"
}

variable "secret_arn" {
  type        = string
  description = "Password of the database"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "reader.zip"

  environment {
    variables = {
      ORDERS_HOST = aws_rds_cluster.orders.reader_endpoint
      REPORTS_URL = "postgres://${aws_rds_cluster.reports.endpoint}:5432/reports?sslmode=disable"
      STOCK_HOST  = aws_rds_cluster.stock.endpoint
      OLD_URL     = "mysql://${aws_rds_cluster.old.endpoint}:3306/old?ssl-mode=DISABLED"
      PROXY_HOST  = aws_db_proxy.orders.endpoint
      READER_HOST = aws_db_proxy_endpoint.reader.endpoint
      READER_URL  = "postgres://${aws_db_proxy_endpoint.reader.endpoint}:5432/orders?sslmode=verify-full"
    }
  }
}

resource "aws_lambda_function_url" "reader" {
  function_name      = aws_lambda_function.reader.function_name
  authorization_type = "NONE"
}

resource "aws_rds_cluster_parameter_group" "orders" {
  name   = "orders"
  family = "aurora-postgresql15"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_rds_cluster" "orders" {
  cluster_identifier              = "orders"
  engine                          = "aurora-postgresql"
  engine_version                  = "15.10"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.orders.name
  storage_encrypted               = true
}

# The version would demand TLS; the group does not.
resource "aws_rds_cluster_parameter_group" "reports" {
  family = "aurora-postgresql17"

  parameter {
    name  = "rds.force_ssl"
    value = "0"
  }
}

resource "aws_rds_cluster" "reports" {
  cluster_identifier              = "reports"
  engine                          = "aurora-postgresql"
  engine_version                  = "17.4"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.reports.name
  storage_encrypted               = false
}

resource "aws_rds_cluster_parameter_group" "stock" {
  family = "aurora-mysql8.0"

  parameter {
    name  = "require_secure_transport"
    value = "ON"
  }
}

resource "aws_rds_cluster" "stock" {
  cluster_identifier              = "stock"
  engine                          = "aurora-mysql"
  engine_version                  = "8.0.mysql_aurora.3.08.0"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.stock.name
  storage_encrypted               = true
}

# Says nothing of TLS.
resource "aws_rds_cluster_parameter_group" "old" {
  name   = "old"
  family = "aurora-mysql8.0"

  parameter {
    name  = "character_set_server"
    value = "utf8mb4"
  }
}

resource "aws_rds_cluster" "old" {
  cluster_identifier              = "old"
  engine                          = "aurora-mysql"
  engine_version                  = "8.0.mysql_aurora.3.08.0"
  db_cluster_parameter_group_name = "old"
  storage_encrypted               = false
}

resource "aws_db_proxy" "orders" {
  name           = "orders"
  engine_family  = "POSTGRESQL"
  role_arn       = var.role_arn
  vpc_subnet_ids = var.subnet_ids
  require_tls    = true
  debug_logging  = false

  auth {
    auth_scheme = "SECRETS"
    secret_arn  = var.secret_arn
  }
}

resource "aws_db_proxy_default_target_group" "orders" {
  db_proxy_name = aws_db_proxy.orders.name
}

resource "aws_db_proxy_target" "orders" {
  db_proxy_name         = aws_db_proxy.orders.name
  target_group_name     = aws_db_proxy_default_target_group.orders.name
  db_cluster_identifier = aws_rds_cluster.orders.cluster_identifier
}

resource "aws_db_proxy_endpoint" "reader" {
  db_proxy_name          = aws_db_proxy.orders.name
  db_proxy_endpoint_name = "reader"
  target_role            = "READ_ONLY"
  vpc_subnet_ids         = var.subnet_ids
}
