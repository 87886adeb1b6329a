variable "name" {
  type = string
}

variable "protocol" {
  type = string
}

variable "port" {
  type = number
}

variable "vpc_id" {
  type = string
}

variable "subnets" {
  type = list(string)
}

variable "token" {
  type = string
}

resource "aws_security_group" "open" {
  vpc_id = var.vpc_id

  dynamic "ingress" {
    for_each = [80, 443]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_lb" "this" {
  name            = "${var.name}-balancer"
  subnets         = var.subnets
  security_groups = [aws_security_group.open.id]
}

resource "aws_acm_certificate" "this" {
  domain_name       = "${var.name}.example.com"
  validation_method = "DNS"
}

resource "aws_lb_target_group" "this" {
  port     = var.port
  protocol = var.protocol
  vpc_id   = var.vpc_id
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
  certificate_arn   = aws_acm_certificate.this.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_instance" "server" {
  count         = 2
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
  subnet_id     = element(var.subnets, count.index)
  user_data     = "TOKEN=${var.token}"
}

resource "aws_lb_target_group_attachment" "server" {
  count            = 2
  target_group_arn = aws_lb_target_group.this.arn
  target_id        = aws_instance.server[count.index].id
}

output "host" {
  value = aws_lb.this.dns_name
}
