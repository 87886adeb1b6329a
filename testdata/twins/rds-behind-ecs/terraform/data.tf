resource "aws_kms_key" "data" {
  description         = "Data of the orders service"
  enable_key_rotation = true
}

resource "aws_db_subnet_group" "orders" {
  name       = "orders"
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "database" {
  name   = "orders-database"
  vpc_id = var.vpc_id

  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.orders_service.id]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_db_parameter_group" "orders" {
  name   = "orders"
  family = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_instance" "orders" {
  identifier                  = "orders"
  engine                      = "postgres"
  engine_version              = "17"
  instance_class              = "db.t4g.medium"
  allocated_storage           = 50
  db_name                     = "orders"
  username                    = "orders"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.orders.name
  parameter_group_name        = aws_db_parameter_group.orders.name
  vpc_security_group_ids      = [aws_security_group.database.id]
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.data.arn
  final_snapshot_identifier   = "orders-final"
}

resource "aws_instance" "reports" {
  ami               = var.ami_id
  instance_type     = "t3.small"
  availability_zone = var.availability_zone
}

resource "aws_ebs_volume" "reports" {
  availability_zone = var.availability_zone
  size              = 100
  encrypted         = false
}

resource "aws_volume_attachment" "reports" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.reports.id
  instance_id = aws_instance.reports.id
}
