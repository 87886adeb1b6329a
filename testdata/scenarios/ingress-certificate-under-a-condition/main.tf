variable "tls" {
  type        = bool
  description = "Whether the cluster has a certificate for the shop"
}

resource "helm_release" "ingress" {
  name       = "ingress-nginx"
  repository = "https://kubernetes.github.io/ingress-nginx"
  chart      = "ingress-nginx"

  values = [yamlencode({
    controller = {
      service = {
        annotations = {
          "service.beta.kubernetes.io/aws-load-balancer-type"   = "external"
          "service.beta.kubernetes.io/aws-load-balancer-scheme" = "internet-facing"
        }
      }
    }
  })]
}

resource "kubernetes_ingress_v1" "shop" {
  metadata {
    name = "shop"
    annotations = {
      "nginx.ingress.kubernetes.io/backend-protocol" = "HTTPS"
    }
  }
  spec {
    ingress_class_name = "nginx"

    dynamic "tls" {
      for_each = var.tls ? ["shop-tls"] : []
      content {
        hosts       = ["shop.example.com"]
        secret_name = tls.value
      }
    }

    rule {
      host = "shop.example.com"
      http {
        path {
          path = "/"
          backend {
            service {
              name = "shop"
              port {
                number = 443
              }
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_service_v1" "shop" {
  metadata {
    name = "shop"
  }
  spec {
    selector = { app = "shop" }
    port {
      port        = 443
      target_port = 8443
    }
  }
}

resource "kubernetes_deployment_v1" "shop" {
  metadata {
    name = "shop"
  }
  spec {
    selector {
      match_labels = { app = "shop" }
    }
    template {
      metadata {
        labels = { app = "shop" }
      }
      spec {
        container {
          name  = "shop"
          image = "registry.example.com/shop:1.4"
        }
      }
    }
  }
}
