resource "kubernetes_service_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
    annotations = {
      "service.beta.kubernetes.io/aws-load-balancer-type"            = "external"
      "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type" = "ip"
      "service.beta.kubernetes.io/aws-load-balancer-scheme"          = "internet-facing"
    }
  }
  spec {
    type = "LoadBalancer"
    selector = {
      app = kubernetes_deployment_v1.web.metadata[0].labels.app
    }
    port {
      port        = 443
      target_port = "8443"
    }
  }
}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
    labels = {
      app = "web"
    }
  }
  spec {
    selector {
      match_labels = {
        app = "web"
      }
    }
    template {
      metadata {
        labels = {
          app = "web"
        }
      }
      spec {
        container {
          name  = "web"
          image = "web:1"
        }
      }
    }
  }
}

# Another namespace: the Service does not find these pods.
resource "kubernetes_deployment_v1" "other" {
  metadata {
    name      = "web"
    namespace = "test"
  }
  spec {
    template {
      metadata {
        labels = {
          app = "web"
        }
      }
      spec {
        container {
          name  = "web"
          image = "web:1"
        }
      }
    }
  }
}
