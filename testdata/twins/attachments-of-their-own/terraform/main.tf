variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancers"
}

variable "image_id" {
  type        = string
  description = "Image of the servers"
}

variable "more_certificate_arn" {
  type        = string
  description = "Another certificate"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

resource "aws_alb" "web" {
  load_balancer_type = "application"
  internal           = false
  subnets            = var.subnet_ids
}

resource "aws_alb_listener" "web" {
  load_balancer_arn = aws_alb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_alb_target_group.shop.arn
  }
}

resource "aws_alb_listener_certificate" "more" {
  listener_arn    = aws_alb_listener.web.arn
  certificate_arn = var.more_certificate_arn
}

resource "aws_alb_listener_rule" "blog" {
  listener_arn = aws_alb_listener.web.arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/blog/*"]
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_alb_target_group.blog.arn
  }
}

resource "aws_alb_target_group" "shop" {
  port        = 8443
  protocol    = "HTTPS"
  target_type = "instance"
  vpc_id      = var.vpc_id
}

resource "aws_alb_target_group" "blog" {
  port        = 8080
  protocol    = "HTTP"
  target_type = "instance"
  vpc_id      = var.vpc_id
}

resource "aws_launch_template" "app" {
  image_id      = var.image_id
  instance_type = "t3.small"
}

resource "aws_autoscaling_group" "shop" {
  name                = "shop"
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = var.subnet_ids

  launch_template {
    id      = aws_launch_template.app.id
    version = "$Latest"
  }
}

resource "aws_autoscaling_attachment" "shop" {
  autoscaling_group_name = aws_autoscaling_group.shop.name
  lb_target_group_arn    = aws_alb_target_group.shop.arn
}

resource "aws_autoscaling_group" "blog" {
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = var.subnet_ids

  launch_template {
    id      = aws_launch_template.app.id
    version = "$Latest"
  }
}

resource "aws_autoscaling_traffic_source_attachment" "blog" {
  autoscaling_group_name = aws_autoscaling_group.blog.id

  traffic_source {
    identifier = aws_alb_target_group.blog.arn
    type       = "elbv2"
  }
}

resource "aws_elb" "old" {
  name     = "old"
  internal = false
  subnets  = var.subnet_ids

  listener {
    lb_port            = 443
    lb_protocol        = "https"
    instance_port      = 8080
    instance_protocol  = "http"
    ssl_certificate_id = var.certificate_arn
  }
}

resource "aws_elb_attachment" "old" {
  elb      = aws_elb.old.id
  instance = aws_instance.old.id
}

resource "aws_lb_ssl_negotiation_policy" "modern" {
  name          = "modern"
  load_balancer = aws_elb.old.id
  lb_port       = 443

  attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}

resource "aws_instance" "old" {
  ami           = var.image_id
  instance_type = "t3.small"
}
