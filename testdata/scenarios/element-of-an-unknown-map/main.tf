variable "sites" {
  type = map(object({ tls = bool }))
}

variable "fallback" {
  type = string
}

resource "aws_lb" "web" {
  name    = "web"
  subnets = ["subnet-a", "subnet-b"]
}

resource "aws_lb_listener" "https" {
  for_each          = var.sites
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/a"
  default_action {
    type             = "forward"
    target_group_arn = each.value.tls ? aws_lb_target_group.site[var.fallback].arn : aws_lb_target_group.tls.arn
  }
}

resource "aws_lb_target_group" "site" {
  for_each = var.sites
  port     = 443
  protocol = each.value.tls ? "HTTPS" : "HTTP"
  vpc_id   = "vpc-1"
}

resource "aws_lb_target_group" "tls" {
  port     = 443
  protocol = "HTTPS"
  vpc_id   = "vpc-1"
}

resource "aws_lb_target_group_attachment" "site" {
  for_each         = var.sites
  target_group_arn = aws_lb_target_group.site[each.key].arn
  target_id        = aws_instance.app.id
}

resource "aws_lb_target_group_attachment" "tls" {
  target_group_arn = aws_lb_target_group.tls.arn
  target_id        = aws_instance.app.id
}

resource "aws_instance" "app" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}
