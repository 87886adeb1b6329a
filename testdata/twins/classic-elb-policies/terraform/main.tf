variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

variable "server_public_key" {
  type        = string
  description = "Public key of the servers"
}

resource "aws_elb" "shop" {
  name               = "shop"
  availability_zones = ["eu-west-1a"]
  instances          = [aws_instance.shop.id]

  listener {
    lb_port            = 443
    lb_protocol        = "https"
    instance_port      = 8443
    instance_protocol  = "https"
    ssl_certificate_id = var.certificate_arn
  }

  listener {
    lb_port            = 8443
    lb_protocol        = "ssl"
    instance_port      = 9443
    instance_protocol  = "ssl"
    ssl_certificate_id = var.certificate_arn
  }
}

# The balancer takes the servers' key on port 8443 and no other.
resource "aws_load_balancer_policy" "public_key" {
  load_balancer_name = aws_elb.shop.name
  policy_name        = "public-key"
  policy_type_name   = "PublicKeyPolicyType"

  policy_attribute {
    name  = "PublicKey"
    value = var.server_public_key
  }
}

resource "aws_load_balancer_policy" "servers" {
  load_balancer_name = aws_elb.shop.name
  policy_name        = "servers"
  policy_type_name   = "BackendServerAuthenticationPolicyType"

  policy_attribute {
    name  = "PublicKeyPolicyName"
    value = aws_load_balancer_policy.public_key.policy_name
  }
}

resource "aws_load_balancer_backend_server_policy" "servers" {
  load_balancer_name = aws_elb.shop.name
  instance_port      = 8443
  policy_names       = [aws_load_balancer_policy.servers.policy_name]
}

resource "aws_load_balancer_policy" "modern" {
  load_balancer_name = aws_elb.shop.name
  policy_name        = "modern"
  policy_type_name   = "SSLNegotiationPolicyType"

  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}

# Port 8443 keeps the default, which takes TLS 1.0.
resource "aws_load_balancer_listener_policy" "modern" {
  load_balancer_name = aws_elb.shop.name
  load_balancer_port = 443
  policy_names       = [aws_load_balancer_policy.modern.policy_name]
}

resource "aws_instance" "shop" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}
