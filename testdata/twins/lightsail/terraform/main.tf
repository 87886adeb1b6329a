resource "aws_lightsail_instance" "web" {
  name              = "web"
  availability_zone = "eu-west-1a"
  blueprint_id      = "nginx"
  bundle_id         = "nano_3_0"
}

resource "aws_lightsail_instance" "old" {
  name              = "old"
  availability_zone = "eu-west-1a"
  blueprint_id      = "nginx"
  bundle_id         = "nano_3_0"
}

resource "aws_lightsail_distribution" "secure" {
  name      = "secure"
  bundle_id = "small_1_0"

  origin {
    name            = aws_lightsail_instance.web.name
    region_name     = "eu-west-1"
    protocol_policy = "https-only"
  }

  default_cache_behavior {
    behavior = "cache"
  }
}

resource "aws_lightsail_distribution" "plain" {
  name      = "plain"
  bundle_id = "small_1_0"

  origin {
    name            = aws_lightsail_instance.old.name
    region_name     = "eu-west-1"
    protocol_policy = "http-only"
  }

  default_cache_behavior {
    behavior = "cache"
  }
}

resource "aws_lightsail_lb" "web" {
  name              = "balancer"
  health_check_path = "/"
  instance_port     = 80
}

resource "aws_lightsail_lb_attachment" "web" {
  lb_name       = aws_lightsail_lb.web.name
  instance_name = aws_lightsail_instance.web.name
}

resource "aws_lightsail_lb_certificate" "web" {
  name        = "certificate"
  lb_name     = aws_lightsail_lb.web.id
  domain_name = "www.example.com"
}

resource "aws_lightsail_lb_certificate_attachment" "web" {
  lb_name          = aws_lightsail_lb.web.name
  certificate_name = aws_lightsail_lb_certificate.web.name
}

resource "aws_lightsail_lb_https_redirection_policy" "web" {
  lb_name = aws_lightsail_lb.web.name
  enabled = true
}
