resource "random_string" "suffix" {
  length  = 8
  special = false
  upper   = false
}

resource "aws_s3_bucket" "receipts" {
  bucket = "receipts-${random_string.suffix.id}"
}

resource "aws_s3_bucket" "photos" {
  bucket = "photos-example-com"
}

resource "aws_instance" "shop" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  user_data = <<-EOF
    #!/bin/bash
    echo "receipts.bucket=${aws_s3_bucket.receipts.bucket}" >> /etc/shop/application.properties
    echo "photos.bucket=${aws_s3_bucket.photos.bucket}" >> /etc/shop/application.properties
  EOF
}
