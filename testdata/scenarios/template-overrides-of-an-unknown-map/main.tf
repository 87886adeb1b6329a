variable "templates" {
  type        = map(string)
  description = "Launch templates of other kinds of machines, by instance type"
}

resource "aws_kms_key" "disks" {
  description = "Disks of the servers"
}

resource "aws_lb" "edge" {
  name               = "edge"
  load_balancer_type = "network"
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

resource "aws_lb_target_group" "api" {
  name     = "api"
  port     = 443
  protocol = "TCP"
  vpc_id   = "vpc-0123abcd"
}

resource "aws_launch_template" "api" {
  name     = "api"
  image_id = "ami-0a1b2c3d4e5f60718"

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted  = true
      kms_key_id = aws_kms_key.disks.arn
    }
  }
}

resource "aws_autoscaling_group" "api" {
  name                = "api"
  min_size            = 2
  max_size            = 6
  vpc_zone_identifier = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
  target_group_arns   = [aws_lb_target_group.api.arn]

  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.api.id
        version            = "$Latest"
      }

      override {
        instance_type = "t3.small"
      }

      dynamic "override" {
        for_each = var.templates
        content {
          instance_type = override.key

          launch_template_specification {
            launch_template_id = override.value
            version            = "$Latest"
          }
        }
      }
    }
  }
}
