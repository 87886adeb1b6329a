variable "keys" {
  type = number
}

resource "aws_kms_key" "own" {
  count = var.keys
}

resource "aws_kms_key" "disk" {}

resource "aws_db_instance" "tried" {
  identifier        = "tried"
  engine            = "postgres"
  instance_class    = "db.t4g.small"
  storage_encrypted = true
  kms_key_id        = try(aws_kms_key.own[0].arn, null)
}

resource "aws_db_instance" "one" {
  identifier        = "one"
  engine            = "postgres"
  instance_class    = "db.t4g.small"
  storage_encrypted = true
  kms_key_id        = one(aws_kms_key.own[*].arn)
}

resource "aws_db_instance" "named" {
  identifier        = "named"
  engine            = "postgres"
  instance_class    = "db.t4g.small"
  storage_encrypted = true
  kms_key_id        = aws_kms_key.own[0].arn
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.disk.arn
  }
  user_data = <<-EOT
    TRIED=postgres://shop@${aws_db_instance.tried.endpoint}/shop?sslmode=verify-full
    ONE=postgres://shop@${aws_db_instance.one.endpoint}/shop?sslmode=verify-full
    NAMED=postgres://shop@${aws_db_instance.named.endpoint}/shop?sslmode=verify-full
  EOT
}
