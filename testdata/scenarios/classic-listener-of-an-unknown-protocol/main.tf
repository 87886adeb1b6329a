variable "p" { type = string }
resource "aws_elb" "c" {
  name      = "c"
  subnets   = ["subnet-a"]
  instances = [aws_instance.web.id]
  listener {
    lb_port           = 443
    lb_protocol       = var.p
    instance_port     = 443
    instance_protocol = var.p
  }
}

resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "t3.small"
}
