variable "blue" {
  type = bool
}

resource "aws_lb" "web" {}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate.web.arn

  default_action {
    type             = "forward"
    target_group_arn = var.blue ? aws_lb_target_group.blue.arn : aws_lb_target_group.green.arn
  }
}

resource "aws_lb_listener" "mixed" {
  load_balancer_arn = aws_lb.web.arn
  port              = 8443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate.web.arn

  default_action {
    type             = "forward"
    target_group_arn = var.blue ? aws_lb_target_group.old.arn : aws_lb_target_group.new.arn
  }
}

resource "aws_acm_certificate" "web" {
  domain_name       = "www.example.com"
  validation_method = "DNS"
}

resource "aws_lb_target_group" "blue" {
  port     = 80
  protocol = "HTTP"
}

resource "aws_lb_target_group" "green" {
  port     = 80
  protocol = "HTTP"
}

resource "aws_lb_target_group" "old" {
  port     = 80
  protocol = "HTTP"
}

resource "aws_lb_target_group" "new" {
  port     = 443
  protocol = "HTTPS"
}

resource "aws_lb_target_group_attachment" "blue" {
  target_group_arn = aws_lb_target_group.blue.arn
  target_id        = aws_instance.blue.id
}

resource "aws_lb_target_group_attachment" "green" {
  target_group_arn = aws_lb_target_group.green.arn
  target_id        = aws_instance.green.id
}

resource "aws_lb_target_group_attachment" "old" {
  target_group_arn = aws_lb_target_group.old.arn
  target_id        = aws_instance.old.id
}

resource "aws_lb_target_group_attachment" "new" {
  target_group_arn = aws_lb_target_group.new.arn
  target_id        = aws_instance.new.id
}

resource "aws_instance" "blue" {}

resource "aws_instance" "green" {}

resource "aws_instance" "old" {}

resource "aws_instance" "new" {}
