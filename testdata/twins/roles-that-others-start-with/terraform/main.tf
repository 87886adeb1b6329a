variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancers"
}

variable "image_id" {
  type        = string
  description = "Image of the servers"
}

variable "service_role_arn" {
  type        = string
  description = "Role of the services that start servers"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

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

# Without TLS.
resource "aws_lb_target_group" "web" {
  port        = 8080
  protocol    = "HTTP"
  target_type = "instance"
  vpc_id      = var.vpc_id
}

resource "aws_lb_target_group_attachment" "crawlers" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.crawlers.id
  port             = 8080
}

resource "aws_lb_target_group_attachment" "jobs" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.jobs.id
  port             = 8080
}

resource "aws_lb_target_group_attachment" "nodes" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.nodes.id
  port             = 8080
}

resource "aws_lb_target_group_attachment" "notebook" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.notebook.id
  port             = 8080
}

resource "aws_lb_target_group_attachment" "reports" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.reports.id
  port             = 8080
}

resource "aws_instance" "crawlers" {
  ami                  = var.image_id
  instance_type        = "t3.small"
  iam_instance_profile = aws_iam_instance_profile.crawlers.id
}

resource "aws_iam_instance_profile" "crawlers" {
  name = "crawlers"
  role = aws_iam_role.crawlers.name
}

resource "aws_iam_role" "crawlers" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_kms_key" "crawlers" {
  customer_master_key_spec = "RSA_4096"
  key_usage                = "ENCRYPT_DECRYPT"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GetPublicKey"]
      Resource  = "*"
      Principal = { AWS = aws_iam_role.crawlers.arn }
    }]
  })
}

resource "aws_instance" "jobs" {
  ami                  = var.image_id
  instance_type        = "t3.small"
  iam_instance_profile = aws_iam_instance_profile.jobs.id
}

resource "aws_iam_instance_profile" "jobs" {
  role = aws_iam_role.jobs.name
}

resource "aws_iam_role" "jobs" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_kms_key" "jobs" {
  customer_master_key_spec = "RSA_4096"
  key_usage                = "ENCRYPT_DECRYPT"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GetPublicKey"]
      Resource  = "*"
      Principal = { AWS = aws_iam_role.jobs.arn }
    }]
  })
}

resource "aws_instance" "nodes" {
  ami                  = var.image_id
  instance_type        = "t3.small"
  iam_instance_profile = aws_iam_instance_profile.nodes.id
}

resource "aws_iam_instance_profile" "nodes" {
  role = aws_iam_role.nodes.name
}

resource "aws_iam_role" "nodes" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_kms_key" "nodes" {
  customer_master_key_spec = "RSA_4096"
  key_usage                = "ENCRYPT_DECRYPT"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GetPublicKey"]
      Resource  = "*"
      Principal = { AWS = aws_iam_role.nodes.arn }
    }]
  })
}

resource "aws_instance" "notebook" {
  ami                  = var.image_id
  instance_type        = "t3.small"
  iam_instance_profile = aws_iam_instance_profile.notebook.id
}

resource "aws_iam_instance_profile" "notebook" {
  role = aws_iam_role.notebook.name
}

resource "aws_iam_role" "notebook" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ec2.amazonaws.com", "sagemaker.amazonaws.com"] } }]
  })
}

resource "aws_kms_key" "notebook" {
  customer_master_key_spec = "RSA_4096"
  key_usage                = "ENCRYPT_DECRYPT"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GetPublicKey"]
      Resource  = "*"
      Principal = { AWS = aws_iam_role.notebook.arn }
    }]
  })
}

resource "aws_instance" "reports" {
  ami                  = var.image_id
  instance_type        = "t3.small"
  iam_instance_profile = aws_iam_instance_profile.reports.id
}

resource "aws_iam_instance_profile" "reports" {
  name = "reports"
  role = aws_iam_role.reports.name
}

resource "aws_iam_role" "reports" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_kms_key" "reports" {
  customer_master_key_spec = "RSA_4096"
  key_usage                = "ENCRYPT_DECRYPT"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GetPublicKey"]
      Resource  = "*"
      Principal = { AWS = aws_iam_role.reports.arn }
    }]
  })
}

# What else is started with these roles.
resource "aws_batch_compute_environment" "jobs" {
  name         = "jobs"
  type         = "MANAGED"
  service_role = var.service_role_arn

  compute_resources {
    type               = "EC2"
    min_vcpus          = 0
    max_vcpus          = 4
    instance_role      = aws_iam_instance_profile.jobs.arn
    instance_type      = ["m6i.large"]
    security_group_ids = []
    subnets            = var.subnet_ids
  }
}

resource "aws_eks_node_group" "nodes" {
  cluster_name    = "main"
  node_group_name = "nodes"
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = var.subnet_ids

  scaling_config {
    min_size     = 1
    desired_size = 1
    max_size     = 2
  }
}

resource "aws_spot_fleet_request" "crawlers" {
  iam_fleet_role  = var.service_role_arn
  target_capacity = 2

  launch_specification {
    ami                      = var.image_id
    instance_type            = "m6i.large"
    iam_instance_profile     = aws_iam_instance_profile.crawlers.name
    subnet_id                = var.subnet_ids[0]
  }
}

resource "aws_emr_cluster" "reports" {
  name          = "reports"
  release_label = "emr-7.5.0"
  applications  = ["Spark"]
  service_role  = var.service_role_arn

  ec2_attributes {
    instance_profile = aws_iam_instance_profile.reports.name
    subnet_id        = var.subnet_ids[0]
  }

  master_instance_group {
    instance_type  = "m6i.large"
    instance_count = 1
  }

  core_instance_group {
    instance_type  = "m6i.large"
    instance_count = 1
  }
}

resource "aws_sagemaker_notebook_instance" "notebook" {
  name          = "notebook"
  instance_type = "ml.t3.medium"
  role_arn      = aws_iam_role.notebook.arn
}
