resource "aws_kms_key" "data" {
  description         = "Orders and the servers' disks"
  enable_key_rotation = true
}

resource "aws_db_instance" "orders" {
  identifier                  = "shop-orders"
  engine                      = "postgres"
  instance_class              = "db.t4g.medium"
  allocated_storage           = 50
  db_name                     = "shop"
  username                    = "shop"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.orders.name
  parameter_group_name        = aws_db_parameter_group.orders.name
  vpc_security_group_ids      = [aws_security_group.orders.id]
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.data.arn
}

resource "aws_db_subnet_group" "orders" {
  name       = "shop-orders"
  subnet_ids = var.private_subnet_ids
}

resource "aws_db_parameter_group" "orders" {
  name   = "shop-orders"
  family = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_security_group" "orders" {
  name   = "shop-orders"
  vpc_id = var.vpc_id

  ingress {
    description     = "PostgreSQL from the servers"
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.app.id]
  }
}
