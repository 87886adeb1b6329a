variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

resource "aws_lb" "edge" {
  name               = "edge"
  load_balancer_type = "network"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.workers.arn
  }
}

resource "aws_lb_target_group" "workers" {
  name     = "workers"
  port     = 443
  protocol = "TCP"
  vpc_id   = var.vpc_id
}

resource "aws_launch_template" "workers" {
  name          = "workers"
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.small"

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted = false
    }
  }
}

resource "aws_autoscaling_group" "workers" {
  name                = "workers"
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = var.subnet_ids
  target_group_arns   = [aws_lb_target_group.workers.arn]

  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.workers.id
        version            = "$Latest"
      }

      override {
        instance_type = "t3a.small"
      }
    }
  }
}

resource "aws_lb_listener" "legacy" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.legacy.arn
  }
}

resource "aws_lb_target_group" "legacy" {
  name     = "legacy"
  port     = 80
  protocol = "TCP"
  vpc_id   = var.vpc_id
}

resource "aws_launch_configuration" "legacy" {
  name          = "legacy"
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.small"

  ebs_block_device {
    device_name = "/dev/sdf"
    encrypted   = true
  }
}

resource "aws_autoscaling_group" "legacy" {
  name                 = "legacy"
  min_size             = 1
  max_size             = 2
  vpc_zone_identifier  = var.subnet_ids
  launch_configuration = aws_launch_configuration.legacy.name
  target_group_arns    = [aws_lb_target_group.legacy.arn]
}
