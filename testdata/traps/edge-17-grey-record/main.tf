resource "cloudflare_zone" "main" {
  account = { id = "0123" }
  name    = "example.org"
}

resource "cloudflare_zone_setting" "ssl" {
  zone_id    = cloudflare_zone.main.id
  setting_id = "ssl"
  value      = "flexible"
}

# `proxied` is absent: DNS only.
resource "cloudflare_dns_record" "api" {
  zone_id = cloudflare_zone.main.id
  name    = "api.example.org"
  type    = "A"
  content = aws_eip.api.public_ip
  ttl     = 300
}

resource "aws_eip" "api" {
  domain   = "vpc"
  instance = aws_instance.api.id
}

resource "aws_security_group" "api" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "api" {
  ami                    = "ami-0a1b2c3d4e5f60718"
  instance_type          = "t3.small"
  subnet_id              = "subnet-0f1e2d3c"
  vpc_security_group_ids = [aws_security_group.api.id]
}
