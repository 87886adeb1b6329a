variable "subnet_id" {
  type        = string
  description = "Subnet of the servers"
}

resource "aws_security_group" "web" {
  name        = "web"
  description = "HTTP from anywhere"

  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "tls" {
  name        = "tls"
  description = "HTTPS from anywhere"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# The server lists its interface, to which the address is given.
resource "aws_network_interface" "listed" {
  subnet_id       = var.subnet_id
  security_groups = [aws_security_group.web.id]
}

resource "aws_eip" "listed" {
  domain = "vpc"
}

resource "aws_eip_association" "listed" {
  network_interface_id = aws_network_interface.listed.id
  allocation_id        = aws_eip.listed.allocation_id
}

resource "aws_instance" "listed" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"

  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.listed.id
  }
}

# A second interface, attached apart; one of its groups is, too.
resource "aws_network_interface" "attached" {
  subnet_id       = var.subnet_id
  security_groups = [aws_security_group.web.id]
}

resource "aws_network_interface_sg_attachment" "attached" {
  security_group_id    = aws_security_group.tls.id
  network_interface_id = aws_network_interface.attached.id
}

resource "aws_eip_association" "attached" {
  network_interface_id = aws_network_interface.attached.id
  allocation_id        = "eipalloc-0123456789abcdef0"
}

resource "aws_network_interface_attachment" "attached" {
  instance_id          = aws_instance.attached.id
  network_interface_id = aws_network_interface.attached.id
  device_index         = 1
}

resource "aws_instance" "attached" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.tls.id]
}

# An interface without an address of its own lets nobody in.
resource "aws_network_interface" "inside" {
  subnet_id       = var.subnet_id
  security_groups = [aws_security_group.web.id]
}

resource "aws_instance" "inside" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"

  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.inside.id
  }
}
