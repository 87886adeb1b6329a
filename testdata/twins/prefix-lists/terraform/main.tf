variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

variable "image_id" {
  type        = string
  description = "Image of the servers"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "one" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "other" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "default" {
  route_table_id         = aws_route_table.main.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table_association" "one" {
  subnet_id      = aws_subnet.one.id
  route_table_id = aws_route_table.main.id
}

resource "aws_route_table_association" "other" {
  subnet_id      = aws_subnet.other.id
  route_table_id = aws_route_table.main.id
}

resource "aws_ec2_managed_prefix_list" "everybody" {
  name           = "everybody"
  address_family = "IPv4"
  max_entries    = 2

  entry {
    cidr        = "10.0.0.0/8"
    description = "The office"
  }

  entry {
    cidr        = "0.0.0.0/0"
    description = "Everybody else"
  }
}

resource "aws_ec2_managed_prefix_list" "partners" {
  name           = "partners"
  address_family = "IPv4"
  max_entries    = 1
}

resource "aws_ec2_managed_prefix_list_entry" "partners" {
  prefix_list_id = aws_ec2_managed_prefix_list.partners.id
  cidr           = "52.95.110.0/24"
}

resource "aws_ec2_managed_prefix_list" "office" {
  name           = "office"
  address_family = "IPv4"
  max_entries    = 1

  entry {
    cidr = "10.0.0.0/8"
  }
}

resource "aws_security_group" "web" {
  description = "HTTPS from everybody"
  vpc_id      = aws_vpc.main.id

  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    prefix_list_ids = [aws_ec2_managed_prefix_list.everybody.id]
  }
}

resource "aws_security_group" "open" {
  description = "Everybody"
  vpc_id      = aws_vpc.main.id

  ingress {
    protocol        = "tcp"
    from_port       = 8080
    to_port         = 8080
    prefix_list_ids = [aws_ec2_managed_prefix_list.everybody.id]
  }
}

resource "aws_security_group" "partners" {
  description = "Partners"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "partners" {
  security_group_id = aws_security_group.partners.id
  ip_protocol       = "tcp"
  from_port         = 8080
  to_port           = 8080
  prefix_list_id    = aws_ec2_managed_prefix_list.partners.id
}

resource "aws_security_group" "office" {
  description = "The office"
  vpc_id      = aws_vpc.main.id

  ingress {
    protocol        = "tcp"
    from_port       = 8080
    to_port         = 8080
    prefix_list_ids = [aws_ec2_managed_prefix_list.office.id]
  }
}

resource "aws_lb" "web" {
  load_balancer_type = "application"
  internal           = false
  security_groups    = [aws_security_group.web.id]
  subnets            = [aws_subnet.one.id, aws_subnet.other.id]
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "web" {
  port        = 8080
  protocol    = "HTTP"
  target_type = "instance"
  vpc_id      = aws_vpc.main.id
}

resource "aws_lb_target_group_attachment" "open" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.open.id
  port             = 8080
}

resource "aws_lb_target_group_attachment" "partners" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.partners.id
  port             = 8080
}

resource "aws_lb_target_group_attachment" "office" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.office.id
  port             = 8080
}

# Reached past the balancer.
resource "aws_instance" "open" {
  ami                    = var.image_id
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.one.id
  vpc_security_group_ids = [aws_security_group.open.id]
}

resource "aws_instance" "partners" {
  ami                    = var.image_id
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.one.id
  vpc_security_group_ids = [aws_security_group.partners.id]
}

resource "aws_instance" "office" {
  ami                    = var.image_id
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.one.id
  vpc_security_group_ids = [aws_security_group.office.id]
}
