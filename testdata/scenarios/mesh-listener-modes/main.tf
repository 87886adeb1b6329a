resource "aws_lb" "shop" {
  name               = "shop"
  load_balancer_type = "application"
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "web" {
  name        = "web"
  port        = 8443
  protocol    = "HTTPS"
  target_type = "ip"
  vpc_id      = "vpc-0123abcd"
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([
    {
      name         = "web"
      image        = "shop/web"
      portMappings = [{ containerPort = 8443 }]
    },
    {
      name        = "envoy"
      image       = "shop/envoy"
      environment = [{ name = "APPMESH_RESOURCE_ARN", value = "mesh/shop/virtualNode/web" }]
    },
  ])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = "shop"
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"

  network_configuration {
    subnets = ["subnet-0f1e2d3c"]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8443
  }
}

resource "aws_appmesh_virtual_node" "web" {
  name      = "web"
  mesh_name = "shop"

  spec {
    backend {
      virtual_service {
        virtual_service_name = "strict.shop.internal"

        client_policy {
          tls {
            validation {
              trust {
                file {
                  certificate_chain = "/keys/authority.pem"
                }
              }
            }
          }
        }
      }
    }

    backend {
      virtual_service {
        virtual_service_name = "either.shop.internal"

        client_policy {
          tls {
            enforce = false

            validation {
              trust {
                file {
                  certificate_chain = "/keys/authority.pem"
                }
              }
            }
          }
        }
      }
    }

    backend {
      virtual_service {
        virtual_service_name = "off.shop.internal"
      }
    }
  }
}

resource "aws_appmesh_virtual_service" "strict" {
  name      = "strict.shop.internal"
  mesh_name = "shop"

  spec {
    provider {
      virtual_node {
        virtual_node_name = aws_appmesh_virtual_node.strict.name
      }
    }
  }
}

resource "aws_appmesh_virtual_node" "strict" {
  name      = "strict"
  mesh_name = "shop"

  spec {
    listener {
      port_mapping {
        port     = 8080
        protocol = "http"
      }

      tls {
        mode = "STRICT"

        certificate {
          file {
            certificate_chain = "/keys/chain.pem"
            private_key       = "/keys/key.pem"
          }
        }
      }
    }

    service_discovery {
      dns {
        hostname = "strict.shop.internal"
      }
    }
  }
}

resource "aws_appmesh_virtual_service" "either" {
  name      = "either.shop.internal"
  mesh_name = "shop"

  spec {
    provider {
      virtual_node {
        virtual_node_name = aws_appmesh_virtual_node.either.name
      }
    }
  }
}

resource "aws_appmesh_virtual_node" "either" {
  name      = "either"
  mesh_name = "shop"

  spec {
    listener {
      port_mapping {
        port     = 8080
        protocol = "http"
      }

      tls {
        mode = "PERMISSIVE"

        certificate {
          file {
            certificate_chain = "/keys/chain.pem"
            private_key       = "/keys/key.pem"
          }
        }
      }
    }

    service_discovery {
      dns {
        hostname = "either.shop.internal"
      }
    }
  }
}

resource "aws_appmesh_virtual_service" "off" {
  name      = "off.shop.internal"
  mesh_name = "shop"

  spec {
    provider {
      virtual_node {
        virtual_node_name = aws_appmesh_virtual_node.off.name
      }
    }
  }
}

resource "aws_appmesh_virtual_node" "off" {
  name      = "off"
  mesh_name = "shop"

  spec {
    listener {
      port_mapping {
        port     = 8080
        protocol = "http"
      }

      tls {
        mode = "DISABLED"

        certificate {
          file {
            certificate_chain = "/keys/chain.pem"
            private_key       = "/keys/key.pem"
          }
        }
      }
    }

    service_discovery {
      dns {
        hostname = "off.shop.internal"
      }
    }
  }
}
