# No annotation, no class: the cluster's cloud decides what it makes.
resource "kubernetes_service_v1" "bare" {
  metadata {
    name = "bare"
  }
  spec {
    type = "LoadBalancer"
    selector = {
      app = "web"
    }
    port {
      port        = 443
      target_port = 8443
    }
  }
}

# By `https` a classic load balancer speaks TLS and a network load balancer plaintext; nothing says which it is.
resource "kubernetes_service_v1" "either" {
  metadata {
    name = "either"
    annotations = {
      "service.beta.kubernetes.io/aws-load-balancer-ssl-cert"         = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
      "service.beta.kubernetes.io/aws-load-balancer-backend-protocol" = "https"
    }
  }
  spec {
    type = "LoadBalancer"
    selector = {
      app = "web"
    }
    port {
      port        = 443
      target_port = 8443
    }
  }
}

resource "kubernetes_service_v1" "web" {
  metadata {
    name = "web"
  }
  spec {
    selector = {
      app = "web"
    }
    port {
      port        = 80
      target_port = 8080
    }
  }
}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name = "web"
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
