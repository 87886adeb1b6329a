variable "inspected" {
  type        = bool
  description = "Whether the firewall appliances stand in front of the servers"
}

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

  dynamic "route" {
    for_each = var.inspected ? [1] : []
    content {
      cidr_block      = "10.0.1.0/24"
      vpc_endpoint_id = aws_vpc_endpoint.appliances.id
    }
  }
}

resource "aws_route_table_association" "incoming" {
  gateway_id     = aws_internet_gateway.main.id
  route_table_id = aws_route_table.incoming.id
}

resource "aws_vpc_endpoint" "appliances" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d4e5f60718"
  vpc_endpoint_type = var.inspected ? "GatewayLoadBalancer" : "Interface"
  subnet_ids        = [aws_subnet.firewall.id]
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
