variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

variable "image_id" {
  type        = string
  description = "Image of the servers"
}

variable "monitor_interface_id" {
  type        = string
  description = "Interface of the monitor"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

resource "aws_lb" "web" {
  load_balancer_type = "application"
  internal           = false
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_lb_listener_rule" "blog" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/blog/*"]
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.blog.arn
  }
}

resource "aws_lb_target_group" "shop" {
  port        = 8443
  protocol    = "HTTPS"
  target_type = "instance"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "shop" {
  target_group_arn = aws_lb_target_group.shop.arn
  target_id        = aws_instance.shop.id
  port             = 8443
}

resource "aws_lb_target_group" "blog" {
  port        = 8080
  protocol    = "HTTP"
  target_type = "instance"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "blog" {
  target_group_arn = aws_lb_target_group.blog.arn
  target_id        = aws_instance.blog.id
  port             = 8080
}

resource "aws_instance" "shop" {
  ami           = var.image_id
  instance_type = "t3.small"
}

resource "aws_network_interface" "shop" {
  subnet_id = var.subnet_ids[0]
}

resource "aws_network_interface_attachment" "shop" {
  instance_id          = aws_instance.shop.id
  network_interface_id = aws_network_interface.shop.id
  device_index         = 1
}

resource "aws_instance" "blog" {
  ami           = var.image_id
  instance_type = "t3.small"
}

resource "aws_network_interface" "blog" {
  subnet_id = var.subnet_ids[0]
}

resource "aws_network_interface_attachment" "blog" {
  instance_id          = aws_instance.blog.id
  network_interface_id = aws_network_interface.blog.id
  device_index         = 1
}

resource "aws_ec2_traffic_mirror_target" "monitor" {
  network_interface_id = var.monitor_interface_id
}

resource "aws_ec2_traffic_mirror_filter" "all" {}

resource "aws_ec2_traffic_mirror_filter_rule" "in" {
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  traffic_direction        = "ingress"
  rule_action              = "accept"
  rule_number              = 1
  source_cidr_block        = "0.0.0.0/0"
  destination_cidr_block   = "0.0.0.0/0"
}

resource "aws_ec2_traffic_mirror_filter_rule" "out" {
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  traffic_direction        = "egress"
  rule_action              = "accept"
  rule_number              = 1
  source_cidr_block        = "0.0.0.0/0"
  destination_cidr_block   = "0.0.0.0/0"
}

resource "aws_ec2_traffic_mirror_session" "shop" {
  network_interface_id     = aws_network_interface.shop.id
  session_number           = 1
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  traffic_mirror_target_id = aws_ec2_traffic_mirror_target.monitor.id
}

resource "aws_ec2_traffic_mirror_session" "blog" {
  network_interface_id     = aws_network_interface.blog.id
  session_number           = 1
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  traffic_mirror_target_id = aws_ec2_traffic_mirror_target.monitor.id
}
