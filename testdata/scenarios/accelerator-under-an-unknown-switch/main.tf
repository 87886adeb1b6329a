variable "on" { type = bool }
resource "aws_globalaccelerator_accelerator" "g" {
  name    = "g"
  enabled = var.on
}

resource "aws_globalaccelerator_listener" "l" {
  accelerator_arn = aws_globalaccelerator_accelerator.g.id
  protocol        = "TCP"
  port_range {
    from_port = 80
    to_port   = 80
  }
}

resource "aws_globalaccelerator_endpoint_group" "e" {
  listener_arn = aws_globalaccelerator_listener.l.id
  endpoint_configuration { endpoint_id = aws_lb.i.arn }
}

resource "aws_lb" "i" {
  internal = true
  subnets  = ["a"]
}

resource "aws_lb_listener" "h" {
  load_balancer_arn = aws_lb.i.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.t.arn
  }
}

resource "aws_lb_target_group" "t" {
  port     = 443
  protocol = "HTTPS"
  vpc_id   = "v"
}

resource "aws_lb_target_group_attachment" "t" {
  target_group_arn = aws_lb_target_group.t.arn
  target_id        = aws_instance.web.id
}

resource "aws_instance" "web" { ami = "a" }
