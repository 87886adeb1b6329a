variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "ami_id" {
  type = string
}

locals {
  scripts = {
    parameter-by-name    = "aws ssm get-parameter --name ${aws_ssm_parameter.key.name} --with-decryption > /etc/nginx/tls.key"
    parameter-as-text    = "aws ssm get-parameter --name /api/tls.key --with-decryption > /etc/nginx/tls.key"
    parameter-encoded    = base64encode("aws ssm get-parameter --name /api/tls.key --with-decryption > /etc/nginx/tls.key")
    parameter-of-another = "aws ssm get-parameter --name /api/tls.key.pub > /etc/nginx/tls.pub"
    path-of-that-name    = "openssl genrsa -out /api/tls.key"
    secret-by-name       = "aws secretsmanager get-secret-value --secret-id ${aws_secretsmanager_secret.key.name} > /etc/nginx/tls.key"
    secret-by-arn        = "aws secretsmanager get-secret-value --secret-id arn:aws:secretsmanager:eu-west-1:111122223333:secret:api-tls-key-a1B2c3"
    object-by-key        = "aws s3 cp s3://${aws_s3_bucket.files.bucket}/${aws_s3_object.content.key} /etc/nginx/tls.key"
    object-as-text       = "aws s3 cp s3://shop-files/from/file.key /etc/nginx/tls.key"
    object-by-bucket     = "aws s3 cp s3://${aws_s3_bucket.files.id}/from/encoded.key - | base64 -d > /etc/nginx/tls.key"
    all-objects          = "aws s3 sync s3://shop-files/from /etc/nginx"
    another-object       = "aws s3 cp s3://shop-files/app.zip /opt"
    another-bucket       = "aws s3 cp s3://other/from/file.key /etc/nginx/tls.key"
    digest-of-the-key    = "echo ${sha256(tls_private_key.api.private_key_pem)} > /etc/nginx/tls.digest"
  }
  names = sort(keys(local.scripts))
}

resource "tls_private_key" "api" {
  algorithm = "RSA"
}

resource "aws_ssm_parameter" "key" {
  name  = "/api/tls.key"
  type  = "SecureString"
  value = tls_private_key.api.private_key_pem
}

resource "aws_ssm_parameter" "public" {
  name  = "/api/tls.key.pub"
  type  = "String"
  value = tls_private_key.api.public_key_pem
}

resource "aws_secretsmanager_secret" "key" {
  name = "api-tls-key"
}

resource "aws_secretsmanager_secret_version" "key" {
  secret_id     = aws_secretsmanager_secret.key.name
  secret_string = tls_private_key.api.private_key_pem
}

resource "aws_s3_bucket" "files" {
  bucket = "shop-files"
}

resource "aws_s3_object" "content" {
  bucket  = aws_s3_bucket.files.id
  key     = "from/content.key"
  content = tls_private_key.api.private_key_pem
}

resource "local_sensitive_file" "key" {
  filename = "${path.module}/tls.key"
  content  = tls_private_key.api.private_key_pem
}

resource "aws_s3_object" "file" {
  bucket = aws_s3_bucket.files.id
  key    = "from/file.key"
  source = local_sensitive_file.key.filename
}

resource "aws_s3_bucket_object" "encoded" {
  bucket         = "shop-files"
  key            = "/from/encoded.key"
  content_base64 = base64encode(tls_private_key.api.private_key_pem)
}

resource "aws_lb" "edge" {
  load_balancer_type = "network"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "tls" {
  for_each = local.scripts

  load_balancer_arn = aws_lb.edge.arn
  port              = 8000 + index(local.names, each.key)
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api[each.key].arn
  }
}

resource "aws_lb_target_group" "api" {
  for_each = local.scripts

  port     = 443
  protocol = "TCP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "api" {
  for_each = local.scripts

  target_group_arn = aws_lb_target_group.api[each.key].arn
  target_id        = aws_instance.api[each.key].id
}

resource "aws_security_group" "api" {
  vpc_id = var.vpc_id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_instance" "api" {
  for_each = local.scripts

  ami                    = var.ami_id
  instance_type          = "t3.small"
  subnet_id              = var.subnet_ids[0]
  vpc_security_group_ids = [aws_security_group.api.id]
  user_data              = each.value
}
