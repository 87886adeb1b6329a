resource "aws_db_instance" "orders" {
  identifier                  = "orders"
  engine                      = "postgres"
  engine_version              = "16"
  instance_class              = "db.t4g.small"
  allocated_storage           = 20
  username                    = "shop"
  manage_master_user_password = true
  storage_encrypted           = true
}
resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  root_block_device { encrypted = false }
  user_data = "DATABASE=postgres://shop@${aws_db_instance.orders.endpoint}/shop?sslmode=verify-full"
}
