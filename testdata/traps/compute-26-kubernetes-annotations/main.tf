resource "kubernetes_service" "nocert" {
  metadata {
    name = "nocert"
    annotations = {
      "service.beta.kubernetes.io/aws-load-balancer-backend-protocol" = "ssl"
    }
  }
  spec {
    type = "LoadBalancer"
    selector = {
      app = "nocert"
    }
    port {
      port        = 443
      target_port = 8443
    }
  }
}

resource "kubernetes_service" "upper" {
  metadata {
    name = "upper"
    annotations = {
      "service.beta.kubernetes.io/aws-load-balancer-backend-protocol" = "SSL"
      "service.beta.kubernetes.io/aws-load-balancer-ssl-cert"         = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
    }
  }
  spec {
    type = "LoadBalancer"
    selector = {
      app = "upper"
    }
    port {
      port        = 443
      target_port = 8443
    }
  }
}

resource "kubernetes_ingress_v1" "plain" {
  metadata {
    name = "plain"
    annotations = {
      "alb.ingress.kubernetes.io/scheme" = "internet-facing"
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
