provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "far"
  region = "us-east-1"
}

resource "aws_db_parameter_group" "near" {
  name   = "near-strict"
  family = "postgres14"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_parameter_group" "far" {
  provider = aws.far
  name     = "far-strict"
  family   = "postgres14"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_parameter_group" "loud" {
  name   = "loud"
  family = "postgres16"

  parameter {
    name  = "RDS.FORCE_SSL"
    value = "0"
  }
}

resource "aws_db_instance" "near" {
  identifier           = "near"
  engine               = "postgres"
  engine_version       = "14"
  instance_class       = "db.t4g.small"
  allocated_storage    = 20
  parameter_group_name = "near-strict"
}

resource "aws_db_instance" "far" {
  identifier           = "far"
  engine               = "postgres"
  engine_version       = "14"
  instance_class       = "db.t4g.small"
  allocated_storage    = 20
  parameter_group_name = "far-strict"
}

resource "aws_db_instance" "loud" {
  identifier           = "loud"
  engine               = "postgres"
  engine_version       = "16"
  instance_class       = "db.t4g.small"
  allocated_storage    = 20
  parameter_group_name = aws_db_parameter_group.loud.name
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  user_data     = <<-EOT
    NEAR=postgres://shop@${aws_db_instance.near.endpoint}/shop
    FAR=postgres://shop@${aws_db_instance.far.endpoint}/shop
    LOUD=postgres://shop@${aws_db_instance.loud.endpoint}/shop
  EOT
}
