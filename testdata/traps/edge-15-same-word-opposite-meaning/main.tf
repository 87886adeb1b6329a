resource "cloudflare_zone" "main" {
  account = { id = "0123" }
  name    = "example.org"
}

resource "cloudflare_dns_record" "shop" {
  zone_id = cloudflare_zone.main.id
  name    = "shop.example.org"
  type    = "CNAME"
  content = "origin.example.net"
  ttl     = 1
  proxied = true
}

resource "cloudflare_zone_setting" "ssl" {
  zone_id    = cloudflare_zone.main.id
  setting_id = "ssl"
  value      = "off"
}

resource "cloudflare_spectrum_application" "tcp" {
  zone_id       = cloudflare_zone.main.id
  protocol      = "tcp/443"
  tls           = "off"
  origin_direct = ["tcp://192.0.2.10:443"]
  traffic_type  = "direct"
  dns = {
    type = "CNAME"
    name = "db.example.org"
  }
}

resource "aws_vpclattice_service" "orders" {
  name = "orders"
}

resource "aws_vpclattice_listener" "tls" {
  name               = "tls"
  protocol           = "TLS_PASSTHROUGH"
  port               = 443
  service_identifier = aws_vpclattice_service.orders.id
  default_action {
    forward {
      target_groups {
        target_group_identifier = aws_vpclattice_target_group.app.id
      }
    }
  }
}

resource "aws_vpclattice_target_group" "app" {
  name = "app"
  type = "INSTANCE"
  config {
    vpc_identifier = "vpc-0123abcd"
    protocol       = "TCP"
    port           = 443
  }
}

resource "aws_vpclattice_target_group_attachment" "app" {
  target_group_identifier = aws_vpclattice_target_group.app.id
  target {
    id   = aws_instance.app.id
    port = 443
  }
}

resource "aws_instance" "app" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}

resource "aws_lb" "web" {
  name               = "web"
  load_balancer_type = "application"
  internal           = false
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  mutual_authentication {
    mode = "passthrough"
  }
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.last.arn
  }
}

resource "aws_lb_target_group" "last" {
  name     = "last"
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = "vpc-0123abcd"
}

resource "aws_lb_target_group_attachment" "last" {
  target_group_arn = aws_lb_target_group.last.arn
  target_id        = aws_instance.last.id
}

resource "aws_instance" "last" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id     = "subnet-0f1e2d3c"
}
