resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "firewall" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.9.0/28"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "incoming" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block      = "10.0.1.0/24"
    vpc_endpoint_id = tolist(aws_networkfirewall_firewall.edge.firewall_status[0].sync_states)[0].attachment[0].endpoint_id
  }
}

resource "aws_route_table_association" "incoming" {
  gateway_id     = aws_internet_gateway.main.id
  route_table_id = aws_route_table.incoming.id
}

resource "aws_networkfirewall_firewall" "edge" {
  name                = "edge"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.edge.arn
  vpc_id              = aws_vpc.main.id
  subnet_mapping {
    subnet_id = aws_subnet.firewall.id
  }
}

resource "aws_networkfirewall_firewall_policy" "edge" {
  name = "edge"
  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
    tls_inspection_configuration_arn   = aws_networkfirewall_tls_inspection_configuration.edge.arn
  }
}

resource "aws_networkfirewall_tls_inspection_configuration" "edge" {
  name = "edge"
  tls_inspection_configuration {
    server_certificate_configuration {
      server_certificate {
        resource_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
      }
      scope {
        protocols = [6]
        source_ports {
          from_port = 0
          to_port   = 65535
        }
        destination {
          address_definition = "10.0.1.0/24"
        }
        destination_ports {
          from_port = 443
          to_port   = 443
        }
      }
    }
  }
}

resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "network"
  internal           = false
  subnets            = [aws_subnet.app.id]
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_lb_target_group" "web" {
  name     = "web"
  port     = 443
  protocol = "TCP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.app.id
}

resource "aws_instance" "app" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = aws_subnet.app.id
}
