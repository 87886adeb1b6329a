variable "image_id" {
  type        = string
  description = "Image of the servers"
}

resource "aws_vpc" "enforced" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc_encryption_control" "enforced" {
  vpc_id = aws_vpc.enforced.id
  mode   = "enforce"
}

resource "aws_subnet" "enforced_one" {
  vpc_id     = aws_vpc.enforced.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "enforced_other" {
  vpc_id     = aws_vpc.enforced.id
  cidr_block = "10.0.2.0/24"
}

resource "aws_vpc" "watched" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc_encryption_control" "watched" {
  vpc_id = aws_vpc.watched.id
  mode   = "monitor"
}

resource "aws_subnet" "watched_one" {
  vpc_id     = aws_vpc.watched.id
  cidr_block = "10.1.1.0/24"
}

resource "aws_lb" "enforced" {
  load_balancer_type = "network"
  internal           = false
  subnets            = [aws_subnet.enforced_one.id, aws_subnet.enforced_other.id]
}

resource "aws_lb_listener" "enforced" {
  load_balancer_arn = aws_lb.enforced.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.enforced.arn
  }
}

resource "aws_lb_target_group" "enforced" {
  port        = 8443
  protocol    = "TCP"
  target_type = "instance"
  vpc_id      = aws_vpc.enforced.id
}

resource "aws_lb_target_group_attachment" "enforced" {
  target_group_arn = aws_lb_target_group.enforced.arn
  target_id        = aws_instance.enforced.id
  port             = 8443
}

resource "aws_instance" "enforced" {
  ami           = var.image_id
  instance_type = "t3.small"
  subnet_id     = aws_subnet.enforced_one.id

  user_data = <<-EOT
    #!/bin/sh
    export CACHE=redis://${aws_elasticache_replication_group.cache.primary_endpoint_address}:6379
    export SESSIONS=rediss://${aws_memorydb_cluster.sessions.cluster_endpoint[0].address}:6379
    export COUNTERS=redis://${aws_memorydb_cluster.counters.cluster_endpoint[0].address}:6379
    export DOCUMENTS=mongodb://${aws_docdb_cluster.documents.endpoint}:27017/?tls=false
    export GRAPH=http://${aws_neptune_cluster.graph.endpoint}:8182/sparql
    export ORDERS='mysql://${aws_db_instance.orders.address}:3306/orders?ssl-mode=DISABLED'
    /opt/app
  EOT
}

resource "aws_lb" "watched" {
  load_balancer_type = "network"
  internal           = false
  subnets            = [aws_subnet.watched_one.id]
}

resource "aws_lb_listener" "watched" {
  load_balancer_arn = aws_lb.watched.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.watched.arn
  }
}

resource "aws_lb_target_group" "watched" {
  port        = 8443
  protocol    = "TCP"
  target_type = "instance"
  vpc_id      = aws_vpc.watched.id
}

resource "aws_lb_target_group_attachment" "watched" {
  target_group_arn = aws_lb_target_group.watched.arn
  target_id        = aws_instance.watched.id
  port             = 8443
}

resource "aws_instance" "watched" {
  ami           = var.image_id
  instance_type = "t3.small"
  subnet_id     = aws_subnet.watched_one.id

  user_data = <<-EOT
    #!/bin/sh
    export CACHE=redis://${aws_elasticache_replication_group.watched.primary_endpoint_address}:6379
    /opt/app
  EOT
}

resource "aws_elasticache_subnet_group" "cache" {
  name       = "cache"
  subnet_ids = [aws_subnet.enforced_one.id, aws_subnet.enforced_other.id]
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id       = "cache"
  description                = "No TLS"
  engine                     = "redis"
  subnet_group_name          = aws_elasticache_subnet_group.cache.name
  transit_encryption_enabled = false
  at_rest_encryption_enabled = false
}

resource "aws_elasticache_subnet_group" "watched" {
  name       = "watched"
  subnet_ids = [aws_subnet.watched_one.id]
}

resource "aws_elasticache_replication_group" "watched" {
  replication_group_id       = "watched"
  description                = "No TLS"
  engine                     = "redis"
  subnet_group_name          = aws_elasticache_subnet_group.watched.name
  transit_encryption_enabled = false
  at_rest_encryption_enabled = true
}

resource "aws_memorydb_subnet_group" "sessions" {
  name       = "sessions"
  subnet_ids = [aws_subnet.enforced_one.id, aws_subnet.enforced_other.id]
}

resource "aws_memorydb_cluster" "sessions" {
  name              = "sessions"
  acl_name          = "users"
  node_type         = "db.t4g.small"
  subnet_group_name = aws_memorydb_subnet_group.sessions.id
  tls_enabled       = true
}

resource "aws_memorydb_cluster" "counters" {
  name              = "counters"
  acl_name          = "open-access"
  node_type         = "db.t4g.small"
  subnet_group_name = aws_memorydb_subnet_group.sessions.id
  tls_enabled       = false
}

resource "aws_docdb_subnet_group" "documents" {
  name       = "documents"
  subnet_ids = [aws_subnet.enforced_one.id, aws_subnet.enforced_other.id]
}

resource "aws_docdb_cluster_parameter_group" "documents" {
  name   = "documents"
  family = "docdb5.0"

  parameter {
    name  = "tls"
    value = "disabled"
  }
}

resource "aws_docdb_cluster" "documents" {
  cluster_identifier              = "documents"
  db_subnet_group_name            = aws_docdb_subnet_group.documents.name
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.documents.name
  storage_encrypted               = false
}

resource "aws_neptune_subnet_group" "graph" {
  name       = "graph"
  subnet_ids = [aws_subnet.enforced_one.id, aws_subnet.enforced_other.id]
}

resource "aws_neptune_cluster" "graph" {
  cluster_identifier        = "graph"
  neptune_subnet_group_name = aws_neptune_subnet_group.graph.name
  storage_encrypted         = true
}

resource "aws_db_subnet_group" "orders" {
  name       = "orders"
  subnet_ids = [aws_subnet.enforced_one.id, aws_subnet.enforced_other.id]
}

resource "aws_db_instance" "orders" {
  identifier           = "orders"
  engine               = "mysql"
  engine_version       = "8.0.40"
  instance_class       = "db.t4g.small"
  db_subnet_group_name = aws_db_subnet_group.orders.name
  storage_encrypted    = true
}
