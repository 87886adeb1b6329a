variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

variable "ami_id" {
  type        = string
  description = "Image of the servers, with the secrets server in it"
}

variable "certificates_are_ready" {
  type    = bool
  default = false
}

resource "aws_lb" "secrets" {
  name               = "secrets"
  load_balancer_type = "network"
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "api" {
  load_balancer_arn = aws_lb.secrets.arn
  port              = 8200
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

resource "aws_lb_listener" "cluster" {
  load_balancer_arn = aws_lb.secrets.arn
  port              = 8201
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.cluster.arn
  }
}

resource "aws_lb_target_group" "api" {
  name     = "api"
  port     = 8200
  protocol = "TCP"
}

resource "aws_lb_target_group" "cluster" {
  name     = "cluster"
  port     = 8201
  protocol = "TCP"
}

resource "aws_lb_target_group_attachment" "api" {
  target_group_arn = aws_lb_target_group.api.arn
  target_id        = aws_instance.api.id
}

resource "aws_lb_target_group_attachment" "cluster" {
  target_group_arn = aws_lb_target_group.cluster.arn
  target_id        = aws_instance.cluster.id
}

# What the provisioner writes here is what the server listens with.
resource "aws_instance" "api" {
  ami           = var.ami_id
  instance_type = "t3.small"

  provisioner "file" {
    content     = templatefile("${path.module}/server.hcl.tpl", { address = self.private_ip, tls = var.certificates_are_ready })
    destination = "/etc/secrets/server.hcl"
  }
}

# That TLS is switched on here proves nothing: who knows whether the server starts with it?
resource "aws_instance" "cluster" {
  ami           = var.ami_id
  instance_type = "t3.small"
  user_data     = templatefile("${path.module}/server.hcl.tpl", { address = "0.0.0.0", tls = true })
}
