variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

# Packets of the appliance's subnet go through it by routes, which are not followed.
resource "aws_lb" "inspection" {
  name               = "inspection"
  load_balancer_type = "gateway"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "inspection" {
  load_balancer_arn = aws_lb.inspection.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.inspection.arn
  }
}

resource "aws_lb_target_group" "inspection" {
  name     = "inspection"
  port     = 6081
  protocol = "GENEVE"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "inspection" {
  target_group_arn = aws_lb_target_group.inspection.arn
  target_id        = aws_instance.appliance.id
}

resource "aws_instance" "appliance" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "c5.large"
}

resource "aws_lb" "edge" {
  name               = "edge"
  load_balancer_type = "network"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "quic" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "TCP_UDP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.quic.arn
  }
}

resource "aws_lb_target_group" "quic" {
  name     = "quic"
  port     = 443
  protocol = "TCP_UDP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "quic" {
  target_group_arn = aws_lb_target_group.quic.arn
  target_id        = aws_instance.server.id
}

# Outside the matrix: a TCP listener cannot forward to a TLS group.
resource "aws_lb_listener" "odd" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 8443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.odd.arn
  }
}

resource "aws_lb_target_group" "odd" {
  name     = "odd"
  port     = 8443
  protocol = "TLS"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "odd" {
  target_group_arn = aws_lb_target_group.odd.arn
  target_id        = aws_instance.server.id
}

resource "aws_instance" "server" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}
