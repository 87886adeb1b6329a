variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "ami_id" {
  type = string
}

resource "aws_lb_target_group" "api" {
  name     = "api"
  port     = 443
  protocol = "TCP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "api" {
  target_group_arn = aws_lb_target_group.api.arn
  target_id        = aws_instance.api.id
  port             = 443
}

resource "aws_instance" "api" {
  ami           = var.ami_id
  instance_type = "t3.small"
  subnet_id     = var.subnet_ids[0]
}

output "target_group_arn" {
  value = aws_lb_target_group.api.arn
}
