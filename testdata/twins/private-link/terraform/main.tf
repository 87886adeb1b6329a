variable "vpc_id" {
  type        = string
  description = "VPC of the provider"
}

variable "consumer_vpc_id" {
  type        = string
  description = "VPC of the consumer"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

resource "aws_vpc_endpoint" "orders" {
  vpc_id            = var.consumer_vpc_id
  vpc_endpoint_type = "Interface"
  service_name      = aws_vpc_endpoint_service.orders.service_name
}

resource "aws_vpc_endpoint_service" "orders" {
  acceptance_required        = true
  network_load_balancer_arns = [aws_lb.orders.arn]
}

# An endpoint of AWS's own is no hop.
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = var.consumer_vpc_id
  service_name = "com.amazonaws.eu-west-1.s3"
}

resource "aws_lb" "orders" {
  name               = "orders"
  load_balancer_type = "network"
  internal           = true
  subnets            = var.subnet_ids
}

# Ends TLS, and goes on in the clear.
resource "aws_lb_listener" "ended" {
  load_balancer_arn = aws_lb.orders.arn
  port              = 443
  protocol          = "TLS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ended.arn
  }
}

resource "aws_lb_target_group" "ended" {
  name     = "ended"
  port     = 443
  protocol = "TCP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "ended" {
  target_group_arn = aws_lb_target_group.ended.arn
  target_id        = aws_instance.orders.id
}

resource "aws_lb_listener" "passed" {
  load_balancer_arn = aws_lb.orders.arn
  port              = 8443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.passed.arn
  }
}

resource "aws_lb_target_group" "passed" {
  name     = "passed"
  port     = 8443
  protocol = "TCP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "passed" {
  target_group_arn = aws_lb_target_group.passed.arn
  target_id        = aws_instance.orders.id
}

resource "aws_instance" "orders" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}
