resource "aws_vpclattice_service" "orders" {
  name = "orders"
}

resource "aws_vpclattice_listener" "https" {
  name               = "tls"
  protocol           = "HTTPS"
  port               = 443
  service_identifier = aws_vpclattice_service.orders.id
  default_action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.app.id
      }
    }
  }
}

resource "aws_vpclattice_target_group" "app" {
  name = "app"
  type = "INSTANCE"
  config {
    vpc_identifier = "vpc-0123abcd"
    protocol       = "HTTP"
    port           = 443
  }
}

resource "aws_vpclattice_target_group_attachment" "app" {
  target_group_identifier = aws_vpclattice_target_group.app.id
  target {
    id   = aws_instance.app.id
    port = 443
  }
}

resource "aws_instance" "app" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}

resource "aws_vpclattice_service" "raw" {
  name = "raw"
}

resource "aws_vpclattice_listener" "through" {
  name               = "tls"
  protocol           = "TLS_PASSTHROUGH"
  port               = 443
  service_identifier = aws_vpclattice_service.raw.id
  default_action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.raw.id
      }
    }
  }
}

resource "aws_vpclattice_target_group" "raw" {
  name = "raw"
  type = "INSTANCE"
  config {
    vpc_identifier = "vpc-0123abcd"
    protocol       = "TCP"
    port           = 443
  }
}

resource "aws_vpclattice_target_group_attachment" "raw" {
  target_group_identifier = aws_vpclattice_target_group.raw.id
  target {
    id   = aws_instance.raw.id
    port = 443
  }
}

resource "aws_instance" "raw" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}
