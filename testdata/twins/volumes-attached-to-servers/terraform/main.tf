resource "aws_ebs_volume" "closed" {
  availability_zone = "eu-west-1a"
  size              = 20
  encrypted         = true
}

resource "aws_ebs_volume" "open" {
  availability_zone = "eu-west-1a"
  size              = 20
  encrypted         = false
}

resource "aws_volume_attachment" "closed" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.closed.id
  instance_id = aws_instance.closed.id
}

resource "aws_volume_attachment" "open" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.open.id
  instance_id = aws_instance.open.id
}

resource "aws_instance" "closed" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  ebs_block_device {
    device_name = "/dev/xvda"
    encrypted   = true
  }
}

resource "aws_instance" "open" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"

  ebs_block_device {
    device_name = "/dev/xvda"
    encrypted   = true
  }
}

resource "aws_lb" "edge" {
  name               = "edge"
  load_balancer_type = "network"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "edge" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.servers.arn
  }
}

resource "aws_lb_target_group" "servers" {
  name        = "servers"
  port        = 443
  protocol    = "TCP"
  target_type = "instance"
  vpc_id      = "vpc-0123abcd"
}

resource "aws_lb_target_group_attachment" "closed" {
  target_group_arn = aws_lb_target_group.servers.arn
  target_id        = aws_instance.closed.id
}

resource "aws_lb_target_group_attachment" "open" {
  target_group_arn = aws_lb_target_group.servers.arn
  target_id        = aws_instance.open.id
}
