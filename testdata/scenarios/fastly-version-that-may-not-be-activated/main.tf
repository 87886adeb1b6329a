resource "fastly_service_vcl" "f" {
  name     = "f"
  activate = var.x
  domain { name = "www.example.com" }
  backend {
    name    = "b"
    address = aws_instance.web.public_dns
  }
  request_setting {
    name      = "f"
    force_ssl = true
  }
}

resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "t3.small"
}

variable "x" { type = bool }
