variable "migrating" {
  type        = list(string)
  description = "The group's name while callers without TLS remain"
}

resource "aws_vpclattice_service" "orders" {
  name = "orders"
}

resource "aws_vpclattice_listener" "tls" {
  name               = "tls"
  protocol           = "HTTPS"
  port               = 443
  service_identifier = aws_vpclattice_service.orders.id

  default_action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.orders.id
      }
    }
  }
}

resource "aws_vpclattice_target_group" "orders" {
  name = "orders"
  type = "INSTANCE"

  config {
    vpc_identifier = "vpc-0123abcd"
    protocol       = "HTTPS"
    port           = 443
  }
}

resource "aws_vpclattice_target_group_attachment" "orders" {
  target_group_identifier = aws_vpclattice_target_group.orders.id

  target {
    id   = aws_instance.orders.id
    port = 443
  }
}

resource "aws_instance" "orders" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}

variable "l" { type = string }
resource "aws_vpclattice_target_group" "p" {
  name = "p"
  type = "INSTANCE"
  config {
    vpc_identifier = "v"
    protocol       = "HTTP"
    port           = 80
  }
}

resource "aws_vpclattice_target_group_attachment" "p" {
  target_group_identifier = aws_vpclattice_target_group.p.id
  target { id = aws_instance.orders.id }
}

resource "aws_vpclattice_listener_rule" "r" {
  name                = "r"
  listener_identifier = var.l
  service_identifier  = aws_vpclattice_service.orders.id
  priority            = 1
  match {
    http_match { method = "GET" }
  }
  action {
    forward {
      target_groups { target_group_identifier = aws_vpclattice_target_group.p.id }
    }
  }
}
