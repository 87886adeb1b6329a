variable "vpc_id" { type = string }
variable "subnet_ids" { type = list(string) }
variable "ami_id" { type = string }
variable "certificate_arn" { type = string }

resource "aws_lb" "web" {
  for_each           = toset(["plain", "sealed"])
  name               = each.key
  load_balancer_type = "application"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "https" {
  for_each          = aws_lb.web
  load_balancer_arn = each.value.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app[each.key].arn
  }
}

resource "aws_lb_target_group" "app" {
  for_each = { plain = "HTTP", sealed = "HTTPS" }
  name     = each.key
  port     = 8080
  protocol = each.value
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "app" {
  for_each         = aws_instance.app
  target_group_arn = aws_lb_target_group.app[each.key].arn
  target_id        = each.value.id
}

resource "aws_network_interface" "app" {
  for_each  = toset(["plain", "sealed"])
  subnet_id = var.subnet_ids[0]
}

resource "aws_instance" "app" {
  for_each      = aws_network_interface.app
  ami           = var.ami_id
  instance_type = "t3.small"
  primary_network_interface {
    network_interface_id = each.value.id
  }
}

resource "aws_ec2_traffic_mirror_target" "tap" {
  network_interface_id = "eni-0aabbccdd"
}

resource "aws_ec2_traffic_mirror_filter" "all" {}

resource "aws_ec2_traffic_mirror_filter_rule" "all" {
  for_each                 = toset(["ingress", "egress"])
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  traffic_direction        = each.key
  rule_action              = "accept"
  rule_number              = 1
  source_cidr_block        = "0.0.0.0/0"
  destination_cidr_block   = "0.0.0.0/0"
}

resource "aws_ec2_traffic_mirror_session" "tap" {
  for_each                 = aws_network_interface.app
  network_interface_id     = each.value.id
  session_number           = 1
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  traffic_mirror_target_id = aws_ec2_traffic_mirror_target.tap.id
}
