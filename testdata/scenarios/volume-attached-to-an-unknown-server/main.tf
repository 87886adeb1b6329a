variable "instance_id" {
  type        = string
  description = "The server that gets the scratch volume"
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "far"
  region = "us-east-1"
}

resource "aws_ebs_volume" "scratch" {
  availability_zone = "eu-west-1a"
  size              = 20
  encrypted         = false
}

resource "aws_volume_attachment" "scratch" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.scratch.id
  instance_id = var.instance_id
}

resource "aws_instance" "near" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  root_block_device {
    encrypted = true
  }
}

resource "aws_instance" "far" {
  provider      = aws.far
  ami           = "ami-0b1c2d3e4f5061728"
  instance_type = "t3.small"

  root_block_device {
    encrypted = true
  }
}

resource "aws_instance" "caller" {
  provider      = aws.far
  ami           = "ami-0b1c2d3e4f5061728"
  instance_type = "t3.small"
  user_data     = "curl https://${aws_instance.near.private_dns}/ https://${aws_instance.far.private_dns}/"

  root_block_device {
    encrypted = true
  }
}
