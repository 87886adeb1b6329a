variable "subnet_id" {
  type        = string
  description = "Subnet of the servers"
}

resource "aws_security_group" "open" {
  name        = "open"
  description = "Web from anywhere"
}

resource "aws_vpc_security_group_ingress_rule" "http" {
  security_group_id = aws_security_group.open.id
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_security_group_rule" "https" {
  type              = "ingress"
  security_group_id = aws_security_group.open.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  ipv6_cidr_blocks  = ["::/0"]
}

resource "aws_instance" "open" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.small"
  subnet_id                   = var.subnet_id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.open.id]
}

resource "aws_security_group" "office" {
  name        = "office"
  description = "Our own network only"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_instance" "office" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.office.id]
}

resource "aws_eip" "office" {
  domain   = "vpc"
  instance = aws_instance.office.id
}

# An address that is given apart, and a group that lets everybody in.
resource "aws_security_group" "elastic" {
  name        = "elastic"
  description = "HTTPS from anywhere"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "elastic" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.elastic.id]
}

resource "aws_eip" "elastic" {
  domain = "vpc"
}

resource "aws_eip_association" "elastic" {
  instance_id   = aws_instance.elastic.id
  allocation_id = aws_eip.elastic.allocation_id
}
