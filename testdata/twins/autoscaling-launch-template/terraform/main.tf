variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public_a" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "public_b" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table_association" "public_a" {
  subnet_id      = aws_subnet.public_a.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "public_b" {
  subnet_id      = aws_subnet.public_b.id
  route_table_id = aws_route_table.public.id
}

resource "aws_security_group" "balancer" {
  name        = "balancer"
  description = "HTTPS from anywhere"
  vpc_id      = aws_vpc.main.id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# The servers have public addresses, and their group lets everybody in.
resource "aws_security_group" "open" {
  name        = "open"
  description = "HTTP from anywhere"
  vpc_id      = aws_vpc.main.id

  ingress {
    from_port   = 8080
    to_port     = 8080
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "closed" {
  name        = "closed"
  description = "HTTPS from the balancer"
  vpc_id      = aws_vpc.main.id

  ingress {
    from_port       = 8443
    to_port         = 8443
    protocol        = "tcp"
    security_groups = [aws_security_group.balancer.id]
  }
}

resource "aws_lb" "web" {
  name            = "web"
  security_groups = [aws_security_group.balancer.id]
  subnets         = [aws_subnet.public_a.id, aws_subnet.public_b.id]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secure.arn
  }
}

resource "aws_lb_listener_rule" "plain" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.plain.arn
  }

  condition {
    path_pattern {
      values = ["/plain/*"]
    }
  }
}

resource "aws_lb_target_group" "secure" {
  name     = "secure"
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_target_group" "plain" {
  name     = "plain"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_kms_key" "disks" {
  description = "Disks of the servers"
}

resource "aws_launch_template" "secure" {
  name                   = "secure"
  image_id               = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  vpc_security_group_ids = [aws_security_group.closed.id]

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted  = true
      kms_key_id = aws_kms_key.disks.arn
    }
  }
}

resource "aws_launch_template" "plain" {
  name          = "plain"
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.small"

  network_interfaces {
    device_index                = 0
    associate_public_ip_address = true
    security_groups             = [aws_security_group.open.id]
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted = false
    }
  }
}

resource "aws_autoscaling_group" "secure" {
  name                = "secure"
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = [aws_subnet.public_a.id, aws_subnet.public_b.id]
  target_group_arns   = [aws_lb_target_group.secure.arn]

  launch_template {
    id      = aws_launch_template.secure.id
    version = aws_launch_template.secure.latest_version
  }
}

resource "aws_autoscaling_group" "plain" {
  name                = "plain"
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = [aws_subnet.public_a.id, aws_subnet.public_b.id]

  traffic_source {
    identifier = aws_lb_target_group.plain.arn
    type       = "elbv2"
  }

  launch_template {
    id      = aws_launch_template.plain.id
    version = aws_launch_template.plain.latest_version
  }
}
