variable "own_volume" {
  type        = bool
  description = "Whether the server gets the volume of this code"
}

variable "volume_id" {
  type        = string
  description = "A volume that somebody else makes"
}

resource "aws_kms_key" "disks" {
  description = "Disks of the servers"
}

resource "aws_ebs_volume" "open" {
  availability_zone = "eu-west-1a"
  size              = 20
  encrypted         = false
}

resource "aws_ebs_volume" "closed" {
  availability_zone = "eu-west-1a"
  size              = 20
  encrypted         = true
  kms_key_id        = aws_kms_key.disks.arn
}

resource "aws_volume_attachment" "plain" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.open.id
  instance_id = aws_instance.plain.id
}

resource "aws_volume_attachment" "known" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.closed.id
  instance_id = aws_instance.known.id
}

resource "aws_volume_attachment" "maybe" {
  count       = var.own_volume ? 1 : 0
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.open.id
  instance_id = aws_instance.maybe.id
}

resource "aws_volume_attachment" "elsewhere" {
  device_name = "/dev/sdf"
  volume_id   = "vol-0a1b2c3d4e5f60718"
  instance_id = aws_instance.elsewhere.id
}

data "aws_instance" "found" {
  instance_id = aws_instance.looked_up.id
}

resource "aws_volume_attachment" "looked_up" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.open.id
  instance_id = data.aws_instance.found.id
}

resource "aws_volume_attachment" "bare" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.closed.id
  instance_id = aws_instance.bare.id
}

resource "aws_volume_attachment" "either" {
  device_name = "/dev/sdf"
  volume_id   = var.own_volume ? aws_ebs_volume.closed.id : var.volume_id
  instance_id = aws_instance.either.id
}

resource "aws_instance" "plain" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.disks.arn
  }
}

resource "aws_instance" "known" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.disks.arn
  }
}

resource "aws_instance" "maybe" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.disks.arn
  }
}

resource "aws_instance" "elsewhere" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.disks.arn
  }
}

resource "aws_instance" "looked_up" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.disks.arn
  }
}

resource "aws_instance" "bare" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}

resource "aws_instance" "either" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.disks.arn
  }
}

resource "aws_instance" "beside" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  ebs_block_device {
    device_name = "/dev/sdf"
    encrypted   = true
    kms_key_id  = aws_kms_key.disks.arn
  }
}

resource "aws_instance" "caller" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  user_data     = join("\n", [
    "https://${aws_instance.plain.private_dns}/",
    "https://${aws_instance.known.private_dns}/",
    "https://${aws_instance.maybe.private_dns}/",
    "https://${aws_instance.elsewhere.private_dns}/",
    "https://${aws_instance.looked_up.private_dns}/",
    "https://${aws_instance.bare.private_dns}/",
    "https://${aws_instance.either.private_dns}/",
    "https://${aws_instance.beside.private_dns}/",
  ])

  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.disks.arn
  }
}
