variable "image_id" {
  type        = string
  description = "Image of the server"
}

variable "shared_with" {
  type        = string
  description = "Account that the authority is shared with"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

# Nobody but this account issues with it.
resource "aws_acmpca_certificate_authority" "own" {
  type = "ROOT"

  certificate_authority_configuration {
    key_algorithm     = "EC_prime256v1"
    signing_algorithm = "SHA256WITHECDSA"

    subject {
      common_name = "own.example.com"
    }
  }
}

resource "aws_acmpca_certificate_authority" "shared" {
  type = "ROOT"

  certificate_authority_configuration {
    key_algorithm     = "EC_prime256v1"
    signing_algorithm = "SHA256WITHECDSA"

    subject {
      common_name = "shared.example.com"
    }
  }
}

resource "aws_ram_resource_share" "authority" {
  name                      = "authority"
  allow_external_principals = true
}

resource "aws_ram_principal_association" "authority" {
  resource_share_arn = aws_ram_resource_share.authority.arn
  principal          = var.shared_with
}

resource "aws_ram_resource_association" "authority" {
  resource_share_arn = aws_ram_resource_share.authority.arn
  resource_arn       = aws_acmpca_certificate_authority.shared.arn
}

resource "aws_acm_certificate" "public" {
  domain_name       = "www.example.com"
  validation_method = "DNS"
}

resource "aws_acm_certificate" "own" {
  domain_name               = "own.example.com"
  certificate_authority_arn = aws_acmpca_certificate_authority.own.arn
}

resource "aws_acm_certificate" "shared" {
  domain_name               = "shared.example.com"
  certificate_authority_arn = aws_acmpca_certificate_authority.shared.arn
}

resource "aws_acm_certificate" "elsewhere" {
  domain_name               = "elsewhere.example.com"
  certificate_authority_arn = "arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/0a1b2c3d-0000-0000-0000-000000000000"
}

# Its key stands in the state.
resource "aws_iam_server_certificate" "old" {
  name             = "old"
  certificate_body = "the certificate"
  private_key      = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
}

resource "aws_lb" "public" {
  load_balancer_type = "application"
  internal           = false
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "public" {
  load_balancer_arn = aws_lb.public.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate.public.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_listener_certificate" "public_own" {
  listener_arn    = aws_lb_listener.public.arn
  certificate_arn = aws_acm_certificate.own.arn
}

# All that its listener has comes from outside.
resource "aws_lb" "mixed" {
  load_balancer_type = "application"
  internal           = false
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "mixed" {
  load_balancer_arn = aws_lb.mixed.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate.shared.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_listener_certificate" "mixed_elsewhere" {
  listener_arn    = aws_lb_listener.mixed.arn
  certificate_arn = aws_acm_certificate.elsewhere.arn
}

resource "aws_lb_listener_certificate" "mixed_old" {
  listener_arn    = aws_lb_listener.mixed.arn
  certificate_arn = aws_iam_server_certificate.old.arn
}

resource "aws_lb_target_group" "app" {
  port        = 8080
  protocol    = "HTTP"
  target_type = "instance"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.app.id
  port             = 8080
}

resource "aws_instance" "app" {
  ami           = var.image_id
  instance_type = "t3.small"
}
