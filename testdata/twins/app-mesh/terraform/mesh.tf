resource "aws_appmesh_mesh" "shop" {
  name = "shop"
}

resource "aws_appmesh_virtual_gateway" "edge" {
  name      = "edge"
  mesh_name = aws_appmesh_mesh.shop.id

  spec {
    listener {
      port_mapping {
        port     = 8443
        protocol = "http"
      }

      tls {
        mode = "STRICT"

        certificate {
          acm {
            certificate_arn = var.certificate_arn
          }
        }
      }
    }

    backend_defaults {
      client_policy {
        tls {
          ports = [8080]

          validation {
            trust {
              acm {
                certificate_authority_arns = [var.authority_arn]
              }
            }
          }
        }
      }
    }
  }
}

resource "aws_appmesh_gateway_route" "orders" {
  name                 = "orders"
  mesh_name            = aws_appmesh_mesh.shop.id
  virtual_gateway_name = aws_appmesh_virtual_gateway.edge.name

  spec {
    http_route {
      action {
        target {
          virtual_service {
            virtual_service_name = aws_appmesh_virtual_service.orders.name
          }
        }
      }

      match {
        prefix = "/"
      }
    }
  }
}

resource "aws_appmesh_virtual_service" "orders" {
  name      = "orders.shop.internal"
  mesh_name = aws_appmesh_mesh.shop.id

  spec {
    provider {
      virtual_router {
        virtual_router_name = aws_appmesh_virtual_router.orders.name
      }
    }
  }
}

resource "aws_appmesh_virtual_router" "orders" {
  name      = "orders"
  mesh_name = aws_appmesh_mesh.shop.id

  spec {
    listener {
      port_mapping {
        port     = 8080
        protocol = "http"
      }
    }
  }
}

resource "aws_appmesh_route" "orders" {
  name                = "orders"
  mesh_name           = aws_appmesh_mesh.shop.id
  virtual_router_name = aws_appmesh_virtual_router.orders.name

  spec {
    http_route {
      action {
        weighted_target {
          virtual_node = aws_appmesh_virtual_node.orders.name
          weight       = 90
        }

        weighted_target {
          virtual_node = aws_appmesh_virtual_node.canary.name
          weight       = 10
        }
      }

      match {
        prefix = "/"
      }
    }
  }
}

# Run by an ECS service, and found by Cloud Map.
resource "aws_appmesh_virtual_node" "orders" {
  name      = "orders"
  mesh_name = aws_appmesh_mesh.shop.id

  spec {
    listener {
      port_mapping {
        port     = 8080
        protocol = "http"
      }

      tls {
        mode = "STRICT"

        certificate {
          acm {
            certificate_arn = var.certificate_arn
          }
        }
      }
    }

    backend {
      virtual_service {
        virtual_service_name = "stock.shop.internal"
      }
    }

    backend {
      virtual_service {
        virtual_service_name = "mail.shop.internal"
      }
    }

    service_discovery {
      aws_cloud_map {
        namespace_name = aws_service_discovery_private_dns_namespace.shop.name
        service_name   = aws_service_discovery_service.orders.name
      }
    }
  }
}

# Ten of a hundred requests go to a node whose listener takes no TLS, on a port that the gateway's policy does not name.
resource "aws_appmesh_virtual_node" "canary" {
  name      = "orders-canary"
  mesh_name = aws_appmesh_mesh.shop.id

  spec {
    listener {
      port_mapping {
        port     = 8081
        protocol = "http"
      }
    }

    service_discovery {
      dns {
        hostname = "orders-canary.shop.internal"
      }
    }
  }
}

resource "aws_appmesh_virtual_service" "stock" {
  name      = "stock.shop.internal"
  mesh_name = aws_appmesh_mesh.shop.id

  spec {
    provider {
      virtual_node {
        virtual_node_name = aws_appmesh_virtual_node.stock.name
      }
    }
  }
}

# No client policy names this node, and its certificate is a file: TLS that verifies nobody.
resource "aws_appmesh_virtual_node" "stock" {
  name      = "stock"
  mesh_name = aws_appmesh_mesh.shop.id

  spec {
    listener {
      port_mapping {
        port     = 9000
        protocol = "grpc"
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
        hostname = "stock.shop.internal"
      }
    }
  }
}
