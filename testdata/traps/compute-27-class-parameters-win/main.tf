resource "kubernetes_manifest" "parameters" {
  manifest = {
    apiVersion = "elbv2.k8s.aws/v1beta1"
    kind       = "IngressClassParams"
    metadata   = { name = "alb" }
    spec = {
      scheme         = "internet-facing"
      certificateArn = ["arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"]
      sslPolicy      = "ELBSecurityPolicy-2016-08"
    }
  }
}

resource "kubernetes_ingress_v1" "web" {
  metadata {
    name = "web"
    annotations = {
      "alb.ingress.kubernetes.io/backend-protocol" = "HTTPS"
    }
  }
  spec {
    ingress_class_name = "alb"
    default_backend {
      service {
        name = kubernetes_service_v1.app.metadata[0].name
        port {
          number = 443
        }
      }
    }
  }
}

resource "kubernetes_service_v1" "app" {
  metadata {
    name = "app"
  }
  spec {
    selector = {
      app = "app"
    }
    port {
      port        = 443
      target_port = 8443
    }
  }
}

resource "kubernetes_deployment_v1" "app" {
  metadata {
    name = "app"
  }
  spec {
    template {
      metadata {
        labels = {
          app = "app"
        }
      }
      spec {
        container {
          name  = "app"
          image = "app:1"
        }
      }
    }
  }
}
