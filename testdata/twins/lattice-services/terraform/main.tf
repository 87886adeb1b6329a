variable "vpc_id" {
  type        = string
  description = "VPC of the targets"
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the service"
}

resource "aws_vpclattice_service" "orders" {
  name            = "orders"
  certificate_arn = var.certificate_arn
}

resource "aws_vpclattice_listener" "https" {
  name               = "https"
  service_identifier = aws_vpclattice_service.orders.id
  protocol           = "HTTPS"
  port               = 443

  default_action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.secure.id
        weight                  = 100
      }
    }
  }
}

resource "aws_vpclattice_listener_rule" "plain" {
  name                = "plain"
  service_identifier  = aws_vpclattice_service.orders.id
  listener_identifier = aws_vpclattice_listener.https.listener_id
  priority            = 10

  match {
    http_match {
      path_match {
        match {
          prefix = "/plain"
        }
      }
    }
  }

  action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.plain.id
      }
    }
  }
}

resource "aws_vpclattice_target_group" "secure" {
  name = "secure"
  type = "INSTANCE"

  config {
    port           = 8443
    protocol       = "HTTPS"
    vpc_identifier = var.vpc_id
  }
}

resource "aws_vpclattice_target_group_attachment" "secure" {
  target_group_identifier = aws_vpclattice_target_group.secure.id

  target {
    id   = aws_instance.orders.id
    port = 8443
  }
}

resource "aws_vpclattice_target_group" "plain" {
  name = "plain"
  type = "INSTANCE"

  config {
    port           = 8080
    protocol       = "HTTP"
    vpc_identifier = var.vpc_id
  }
}

resource "aws_vpclattice_target_group_attachment" "plain" {
  target_group_identifier = aws_vpclattice_target_group.plain.id

  target {
    id = aws_instance.orders.id
  }
}

# Passes sessions on by their server name, and opens none.
resource "aws_vpclattice_service" "vault" {
  name               = "vault"
  custom_domain_name = "vault.example.com"
}

resource "aws_vpclattice_listener" "passed" {
  name               = "passed"
  service_identifier = aws_vpclattice_service.vault.id
  protocol           = "TLS_PASSTHROUGH"
  port               = 443

  default_action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.vault.id
      }
    }
  }
}

resource "aws_vpclattice_target_group" "vault" {
  name = "vault"
  type = "INSTANCE"

  config {
    port           = 443
    protocol       = "TCP"
    vpc_identifier = var.vpc_id
  }
}

resource "aws_vpclattice_target_group_attachment" "vault" {
  target_group_identifier = aws_vpclattice_target_group.vault.id

  target {
    id = aws_instance.vault.id
  }
}

resource "aws_instance" "orders" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}

resource "aws_instance" "vault" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}
