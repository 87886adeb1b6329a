variable "role_arn" {
  type        = string
  description = "Role of the function"
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "reader.zip"

  environment {
    variables = {
      SECURE_HOST = aws_docdb_cluster.secure.endpoint
      PLAIN_HOST  = aws_docdb_cluster.plain.endpoint
      GRAPH_HOST  = aws_neptune_cluster.graph.endpoint
      URL         = "mongodb://${aws_docdb_cluster.secure.endpoint}:27017/?tls=true"
    }
  }
}

resource "aws_lambda_function_url" "reader" {
  function_name      = aws_lambda_function.reader.function_name
  authorization_type = "NONE"
}

resource "aws_kms_key" "documents" {
  description = "The documents"
}

resource "aws_docdb_cluster_parameter_group" "secure" {
  name   = "secure"
  family = "docdb5.0"

  parameter {
    name  = "tls"
    value = "tls1.2+"
  }
}

resource "aws_docdb_cluster" "secure" {
  cluster_identifier              = "secure"
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.secure.name
  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.documents.arn
}

resource "aws_docdb_cluster_instance" "secure" {
  cluster_identifier = aws_docdb_cluster.secure.cluster_identifier
  instance_class     = "db.t3.medium"
}

resource "aws_docdb_cluster_parameter_group" "plain" {
  name   = "plain"
  family = "docdb5.0"

  parameter {
    name  = "tls"
    value = "disabled"
  }
}

resource "aws_docdb_cluster" "plain" {
  cluster_identifier              = "plain"
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.plain.name
  storage_encrypted               = false
}

resource "aws_neptune_cluster" "graph" {
  cluster_identifier = "graph"
  storage_encrypted  = true
}

resource "aws_neptune_cluster_instance" "graph" {
  cluster_identifier = aws_neptune_cluster.graph.id
  instance_class     = "db.t3.medium"
}
