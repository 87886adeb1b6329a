variable "role_arn" {
  type        = string
  description = "Role of the function"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "reader.zip"

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.reader.id]
  }

  environment {
    variables = {
      SALES_URL  = "postgres://${aws_redshift_cluster.sales.dns_name}:5439/sales?sslmode=verify-full"
      CLICKS_URL = "postgres://${aws_redshift_cluster.clicks.dns_name}:5439/clicks?sslmode=disable"
      STOCK_HOST = aws_redshift_cluster.stock.dns_name
    }
  }
}

resource "aws_lambda_function_url" "reader" {
  function_name      = aws_lambda_function.reader.function_name
  authorization_type = "NONE"
}

resource "aws_security_group" "reader" {
  description = "The function"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "archive" {
  description = "The archive"
  vpc_id      = var.vpc_id

  ingress {
    protocol        = "tcp"
    from_port       = 5439
    to_port         = 5439
    security_groups = [aws_security_group.reader.id]
  }
}

resource "aws_redshift_parameter_group" "sales" {
  name   = "sales"
  family = "redshift-2.0"

  parameter {
    name  = "require_ssl"
    value = "true"
  }
}

resource "aws_redshift_cluster" "sales" {
  cluster_identifier           = "sales"
  cluster_type                 = "single-node"
  node_type                    = "ra3.large"
  database_name                = "sales"
  master_username              = "owner"
  manage_master_password       = true
  cluster_parameter_group_name = aws_redshift_parameter_group.sales.name
  encrypted                    = "true"
}

resource "aws_redshift_parameter_group" "clicks" {
  name   = "clicks"
  family = "redshift-2.0"

  parameter {
    name  = "require_ssl"
    value = "false"
  }
}

resource "aws_redshift_cluster" "clicks" {
  cluster_identifier           = "clicks"
  cluster_type                 = "single-node"
  node_type                    = "ra3.large"
  database_name                = "clicks"
  master_username              = "owner"
  manage_master_password       = true
  cluster_parameter_group_name = aws_redshift_parameter_group.clicks.name
  encrypted                    = "false"
}

resource "aws_redshift_cluster" "stock" {
  cluster_identifier     = "stock"
  cluster_type           = "single-node"
  node_type              = "ra3.large"
  database_name          = "stock"
  master_username        = "owner"
  manage_master_password = true
  encrypted              = "true"
}

resource "aws_redshift_cluster" "archive" {
  cluster_identifier     = "archive"
  cluster_type           = "single-node"
  node_type              = "ra3.large"
  database_name          = "archive"
  master_username        = "owner"
  manage_master_password = true
  vpc_security_group_ids = [aws_security_group.archive.id]
  encrypted              = "true"
}
