variable "vpc_id" {
  type        = string
  description = "VPC that everything runs in"
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets in at least two zones"
}

resource "aws_security_group" "balancer" {
  name        = "balancer"
  description = "HTTPS from anywhere"
  vpc_id      = var.vpc_id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "workers" {
  name        = "workers"
  description = "HTTPS from the balancer"
  vpc_id      = var.vpc_id

  ingress {
    from_port       = 8443
    to_port         = 8443
    protocol        = "tcp"
    security_groups = [aws_security_group.balancer.id]
  }
}

# The stores let the workers in; nothing else says that they are used.
resource "aws_security_group" "stores" {
  name        = "stores"
  description = "The workers"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "stores" {
  security_group_id            = aws_security_group.stores.id
  ip_protocol                  = "-1"
  referenced_security_group_id = aws_security_group.workers.id
}

resource "aws_lb" "edge" {
  name               = "edge"
  load_balancer_type = "network"
  security_groups    = [aws_security_group.balancer.id]
  subnets            = var.subnet_ids
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.workers.arn
  }
}

resource "aws_lb_target_group" "workers" {
  name     = "workers"
  port     = 8443
  protocol = "TCP"
  vpc_id   = var.vpc_id
}

resource "aws_lb_target_group_attachment" "workers" {
  target_group_arn = aws_lb_target_group.workers.arn
  target_id        = aws_instance.worker.id
}

resource "aws_instance" "worker" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  vpc_security_group_ids = [aws_security_group.workers.id]
}

resource "aws_kms_key" "events" {
  description = "The events"
}

resource "aws_msk_cluster" "secure" {
  cluster_name           = "secure"
  kafka_version          = "3.8.x"
  number_of_broker_nodes = 2

  broker_node_group_info {
    client_subnets  = var.subnet_ids
    instance_type   = "kafka.t3.small"
    security_groups = [aws_security_group.stores.id]
  }

  encryption_info {
    encryption_at_rest_kms_key_arn = aws_kms_key.events.arn

    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }
}

resource "aws_msk_cluster" "mixed" {
  cluster_name           = "mixed"
  kafka_version          = "3.8.x"
  number_of_broker_nodes = 2

  broker_node_group_info {
    client_subnets  = var.subnet_ids
    instance_type   = "kafka.t3.small"
    security_groups = [aws_security_group.stores.id]
  }

  encryption_info {
    encryption_in_transit {
      client_broker = "TLS_PLAINTEXT"
      in_cluster    = true
    }
  }
}

resource "aws_msk_cluster" "plain" {
  cluster_name           = "plain"
  kafka_version          = "3.8.x"
  number_of_broker_nodes = 2

  broker_node_group_info {
    client_subnets  = var.subnet_ids
    instance_type   = "kafka.t3.small"
    security_groups = [aws_security_group.stores.id]
  }

  encryption_info {
    encryption_in_transit {
      client_broker = "PLAINTEXT"
    }
  }
}

resource "aws_opensearch_domain" "secure" {
  domain_name = "secure"

  vpc_options {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.stores.id]
  }

  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }

  encrypt_at_rest {
    enabled    = true
    kms_key_id = aws_kms_key.events.arn
  }

  node_to_node_encryption {
    enabled = true
  }
}

resource "aws_opensearch_domain" "plain" {
  domain_name = "plain"

  vpc_options {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.stores.id]
  }

  domain_endpoint_options {
    enforce_https = false
  }

  encrypt_at_rest {
    enabled = false
  }
}
