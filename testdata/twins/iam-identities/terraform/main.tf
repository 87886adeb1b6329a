variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer"
}

variable "image_id" {
  type        = string
  description = "Image of the servers"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_lb" "web" {
  load_balancer_type = "application"
  internal           = false
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "web" {
  port        = 8443
  protocol    = "HTTPS"
  target_type = "instance"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.server.id
  port             = 8443
}

resource "aws_instance" "server" {
  ami                  = var.image_id
  instance_type        = "t3.small"
  iam_instance_profile = aws_iam_instance_profile.server.name
}

resource "aws_iam_instance_profile" "server" {
  role = aws_iam_role.server.name
}

resource "aws_iam_role" "server" {
  name = "server"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "server" {
  name = "decrypt"
  role = aws_iam_role.server.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "kms:Decrypt"
      Resource = [aws_kms_key.letters.arn, aws_kms_key.notes.arn]
    }]
  })
}

# One policy, given to a role, to a user and to a group.
resource "aws_iam_policy" "letters" {
  name = "letters"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.letters.arn }]
  })
}

resource "aws_iam_role_policy_attachment" "support" {
  role       = aws_iam_role.support.name
  policy_arn = aws_iam_policy.letters.arn
}

resource "aws_iam_user_policy_attachment" "alice" {
  user       = aws_iam_user.alice.name
  policy_arn = aws_iam_policy.letters.arn
}

resource "aws_iam_group_policy_attachment" "support" {
  group      = aws_iam_group.support.name
  policy_arn = aws_iam_policy.letters.arn
}

resource "aws_iam_role" "support" {
  name = "support"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::210987654321:root" } }]
  })
}

resource "aws_iam_user" "alice" {
  name = "alice"
}

resource "aws_iam_group" "support" {
  name = "support-staff"
}

# Policies of their own.
resource "aws_iam_role" "operators" {
  name = "operators"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::210987654321:root" } }]
  })
}

resource "aws_iam_role_policy" "operators" {
  name = "decrypt"
  role = aws_iam_role.operators.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_iam_user" "bob" {
  name = "bob"
}

resource "aws_iam_user_policy" "bob" {
  name = "decrypt"
  user = aws_iam_user.bob.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:*", Resource = aws_kms_key.letters.arn }]
  })
}

resource "aws_iam_group" "auditors" {
  name = "auditors"
}

resource "aws_iam_group_policy" "auditors" {
  name  = "decrypt"
  group = aws_iam_group.auditors.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.letters.arn }]
  })
}

# May look at keys, and not use them.
resource "aws_iam_user" "carol" {
  name = "carol"
}

resource "aws_iam_user_policy" "carol" {
  name = "look"
  user = "carol"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["kms:DescribeKey", "kms:GetPublicKey"], Resource = "*" }]
  })
}

# A managed policy of AWS.
resource "aws_iam_user" "dave" {
  name = "dave"
}

resource "aws_iam_policy_attachment" "administrators" {
  name       = "administrators"
  users      = [aws_iam_user.dave.name]
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# Leaves it to the account.
resource "aws_kms_key" "letters" {
  customer_master_key_spec = "RSA_4096"
  key_usage                = "ENCRYPT_DECRYPT"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:*"
      Resource  = "*"
      Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
    }]
  })
}

# Names its one reader.
resource "aws_kms_key" "notes" {
  customer_master_key_spec = "RSA_4096"
  key_usage                = "ENCRYPT_DECRYPT"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = "*"
      Principal = { AWS = aws_iam_role.server.arn }
    }]
  })
}
