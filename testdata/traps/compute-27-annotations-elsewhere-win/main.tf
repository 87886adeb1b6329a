resource "kubernetes_ingress_v1" "web" {
  metadata {
    name = "web"
    annotations = {
      "alb.ingress.kubernetes.io/scheme"           = "internet-facing"
      "alb.ingress.kubernetes.io/certificate-arn"  = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
      "alb.ingress.kubernetes.io/backend-protocol" = "HTTPS"
    }
  }
  spec {
    ingress_class_name = "alb"
    tls {
      hosts = ["www.example.com"]
    }
    default_backend {
      service {
        name = "app"
        port {
          number = 443
        }
      }
    }
  }
}

resource "kubernetes_service" "app" {
  metadata {
    name = "app"
    annotations = {
      "alb.ingress.kubernetes.io/backend-protocol" = "HTTP"
    }
  }
  spec {
    selector = {
      app = "app"
    }
    port {
      port = 443
    }
  }
}
