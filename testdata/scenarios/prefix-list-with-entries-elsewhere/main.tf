data "aws_ec2_managed_prefix_list" "cf" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_security_group" "lb" {
  vpc_id = "vpc-0123abcd"
  ingress {
    from_port = 0
    to_port = 443
    protocol = "tcp"
    prefix_list_ids = [aws_ec2_managed_prefix_list.p.id]
  }
}

resource "aws_security_group" "app" {
  vpc_id = "vpc-0123abcd"
  ingress {
    from_port = 443
    to_port = 443
    protocol = "tcp"
    security_groups = [aws_security_group.lb.id]
  }
}

resource "aws_lb" "web" {
  name = "web"
  load_balancer_type = "application"
  internal = false
  security_groups = [aws_security_group.lb.id]
  subnets = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port = 443
  protocol = "HTTPS"
  certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_listener" "plain" {
  load_balancer_arn = aws_lb.web.arn
  port = 80
  protocol = "HTTP"
  default_action {
    type = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_target_group" "app" {
  name = "app"
  port = 443
  protocol = "HTTPS"
  vpc_id = "vpc-0123abcd"
}

resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id = aws_instance.app.id
}

resource "aws_instance" "app" {
  ami = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
  subnet_id = "subnet-0f1e2d3c"
  vpc_security_group_ids = [aws_security_group.app.id]
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true
  origin {
    domain_name = aws_lb.web.dns_name
    origin_id = "app"
    custom_origin_config {
      http_port = 80
      https_port = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id = "app"
    viewer_protocol_policy = "https-only"
    allowed_methods = ["GET","HEAD"]
    cached_methods = ["GET","HEAD"]
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    acm_certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
    ssl_support_method = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}

resource "aws_ec2_managed_prefix_list" "p" {
  name = "p"
  address_family = "IPv4"
  max_entries = 5
  entry {
    cidr = "10.0.0.0/8"
  }
}

resource "aws_ec2_managed_prefix_list_entry" "e" {
  prefix_list_id = aws_ec2_managed_prefix_list.p.id
  cidr = "0.0.0.0/0"
}
