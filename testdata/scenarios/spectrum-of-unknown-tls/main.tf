resource "cloudflare_spectrum_application" "s" {
  zone_id     = "z"
  protocol    = "tcp/443"
  dns         = { type = "CNAME", name = "ssh.example.com" }
  origin_dns  = { name = aws_instance.web.public_dns }
  origin_port = 443
  tls         = var.t
}

resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "t3.small"
}

variable "t" { type = string }
