resource "aws_acm_certificate" "web" {
  domain_name       = "www.example.com"
  validation_method = "DNS"
}

resource "helm_release" "nginx" {
  name       = "ingress-nginx"
  repository = "https://kubernetes.github.io/ingress-nginx"
  chart      = "ingress-nginx"
  namespace  = "ingress"

  values = [yamlencode({
    controller = {
      service = {
        annotations = {
          "service.beta.kubernetes.io/aws-load-balancer-type"             = "external"
          "service.beta.kubernetes.io/aws-load-balancer-scheme"           = "internal"
          "service.beta.kubernetes.io/aws-load-balancer-backend-protocol" = "tcp"
        }
        targetPorts = {
          https = "http"
        }
      }
    }
  })]

  # `set` goes before `values`.
  set {
    name  = "controller.service.annotations.service\\.beta\\.kubernetes\\.io/aws-load-balancer-scheme"
    value = "internet-facing"
  }
  set {
    name  = "controller.service.annotations.service\\.beta\\.kubernetes\\.io/aws-load-balancer-ssl-cert"
    value = aws_acm_certificate.web.arn
  }
  set {
    name  = "controller.service.annotations.service\\.beta\\.kubernetes\\.io/aws-load-balancer-ssl-ports"
    value = "https"
  }
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
    rule {
      host = "www.example.com"
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
    selector = {
      app = "shop"
    }
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
        }
      }
    }
  }
}
