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

resource "aws_vpclattice_listener" "plain" {
  name               = "plain"
  protocol           = "HTTP"
  port               = 80
  service_identifier = aws_vpclattice_service.orders.id

  default_action {
    fixed_response {
      status_code = 404
    }
  }
}

resource "aws_vpclattice_listener_rule" "migrating" {
  name                = "migrating"
  priority            = 10
  listener_identifier = aws_vpclattice_listener.plain.listener_id
  service_identifier  = aws_vpclattice_service.orders.id

  match {
    http_match {
      path_match {
        match {
          prefix = "/v1/"
        }
      }
    }
  }

  action {
    dynamic "forward" {
      for_each = var.migrating
      content {
        target_groups {
          target_group_identifier = aws_vpclattice_target_group.orders.id
        }
      }
    }

    dynamic "fixed_response" {
      for_each = length(var.migrating) == 0 ? [404] : []
      content {
        status_code = fixed_response.value
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
