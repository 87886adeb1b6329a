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

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "orders.zip"

  environment {
    variables = {
      DB_HOST      = aws_db_proxy.orders.endpoint
      REPORTS_HOST = aws_rds_cluster.reports.reader_endpoint
      LEGACY_URL   = "mysql://${aws_db_instance.legacy.endpoint}/legacy?ssl-mode=DISABLED"
    }
  }
}

resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "NONE"
}

# The proxy ends TLS, and its log has the text of every statement.
resource "aws_db_proxy" "orders" {
  name           = "orders"
  engine_family  = "POSTGRESQL"
  role_arn       = var.role_arn
  vpc_subnet_ids = var.subnet_ids
  require_tls    = true
  debug_logging  = true

  auth {
    auth_scheme = "SECRETS"
    secret_arn  = var.secret_arn
  }
}

resource "aws_db_proxy_default_target_group" "orders" {
  db_proxy_name = aws_db_proxy.orders.name
}

resource "aws_db_proxy_target" "orders" {
  db_proxy_name          = aws_db_proxy.orders.name
  target_group_name      = aws_db_proxy_default_target_group.orders.name
  db_instance_identifier = aws_db_instance.orders.identifier
}

resource "aws_db_parameter_group" "orders" {
  name   = "orders"
  family = "postgres14"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_kms_key" "orders" {
  description = "The orders"
}

resource "aws_db_instance" "orders" {
  identifier           = "orders"
  engine               = "postgres"
  engine_version       = "14"
  instance_class       = "db.t4g.small"
  parameter_group_name = aws_db_parameter_group.orders.name
  storage_encrypted    = true
  kms_key_id           = aws_kms_key.orders.arn
}

# Aurora PostgreSQL 17 takes TLS only unless it is told otherwise.
resource "aws_rds_cluster" "reports" {
  cluster_identifier = "reports"
  engine             = "aurora-postgresql"
  engine_version     = "17.4"
  storage_encrypted  = true
}

resource "aws_rds_cluster_instance" "reports" {
  cluster_identifier = aws_rds_cluster.reports.cluster_identifier
  engine             = "aurora-postgresql"
  instance_class     = "db.t4g.medium"
}

resource "aws_db_instance" "legacy" {
  identifier        = "legacy"
  engine            = "mysql"
  engine_version    = "8.0.40"
  instance_class    = "db.t4g.small"
  storage_encrypted = false
}
