terraform {
  required_providers {
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = "~> 2.38"
    }
  }
}

resource "aws_acm_certificate" "shop" {
  domain_name       = "shop.example.com"
  validation_method = "DNS"
}

resource "kubernetes_ingress_v1" "shop" {
  metadata {
    name      = "shop"
    namespace = "shop"
    annotations = {
      "alb.ingress.kubernetes.io/scheme"          = "internet-facing"
      "alb.ingress.kubernetes.io/target-type"     = "ip"
      "alb.ingress.kubernetes.io/listen-ports"    = jsonencode([{ HTTP = 80 }, { HTTPS = 443 }])
      "alb.ingress.kubernetes.io/ssl-redirect"    = "443"
      "alb.ingress.kubernetes.io/certificate-arn" = aws_acm_certificate.shop.arn
      "alb.ingress.kubernetes.io/ssl-policy"      = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    }
  }
  spec {
    ingress_class_name = "alb"
    rule {
      host = "shop.example.com"
      http {
        path {
          path      = "/"
          path_type = "Prefix"
          backend {
            service {
              name = kubernetes_service_v1.shop.metadata[0].name
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
    name      = "shop"
    namespace = "shop"
  }
  spec {
    selector = {
      app = "shop"
    }
    # The port says nothing of the protocol.
    port {
      port        = 443
      target_port = 8080
    }
  }
}

resource "kubernetes_deployment_v1" "shop" {
  metadata {
    name      = "shop"
    namespace = "shop"
  }
  spec {
    selector {
      match_labels = {
        app = "shop"
      }
    }
    template {
      metadata {
        labels = {
          app = "shop"
        }
      }
      spec {
        container {
          name  = "shop"
          image = "shop:1"
          port {
            container_port = 8080
          }
        }
      }
    }
  }
}
