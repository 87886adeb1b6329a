resource "aws_lb" "edge" {
  load_balancer_type = "network"
  subnets            = ["subnet-1", "subnet-2"]
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
  port     = 443
  protocol = "TCP"
  vpc_id   = "vpc-1"
}

resource "aws_lb_target_group_attachment" "handed" {
  target_group_arn = aws_lb_target_group.servers.arn
  target_id        = aws_instance.handed.id
}

resource "aws_instance" "handed" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
  subnet_id     = "subnet-1"
}

# What the product makes of the server is not in this code.
resource "aws_servicecatalog_provisioned_product" "monitoring" {
  name                       = "monitoring"
  product_name               = "edge"
  provisioning_artifact_name = "v1"

  provisioning_parameters {
    key   = "Instance"
    value = aws_instance.handed.id
  }
}
