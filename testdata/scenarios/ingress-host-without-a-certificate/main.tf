resource "helm_release" "ingress" {
  name       = "ingress-nginx"
  repository = "https://kubernetes.github.io/ingress-nginx"
  chart      = "ingress-nginx"
  namespace  = "ingress"
  values     = [file("values.yaml")]
}

resource "kubernetes_ingress_v1" "api" {
  metadata {
    name        = "api"
    annotations = {
      "nginx.ingress.kubernetes.io/backend-protocol" = "HTTPS"
      "nginx.ingress.kubernetes.io/proxy-ssl-verify" = "on"
      "nginx.ingress.kubernetes.io/proxy-ssl-secret" = "default/api-ca"
    }
  }
  spec {
    ingress_class_name = "nginx"
    tls {
      hosts       = ["api.example.com"]
      secret_name = "api-tls"
    }
    rule {
      host = "plain.example.com"
      http {
        path {
          path = "/"
          backend {
            service {
              name = "api"
              port {
                name = "https"
              }
            }
          }
        }
      }
    }
    rule {
      host = "api.example.com"
      http {
        path {
          path = "/"
          backend {
            service {
              name = "api"
              port {
                name = "https"
              }
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_service_v1" "api" {
  metadata {
    name = "api"
  }
  spec {
    selector = {
      app = "api"
    }
    port {
      name        = "https"
      port        = 443
      target_port = 8443
    }
  }
}

resource "kubernetes_deployment_v1" "api" {
  metadata {
    name = "api"
  }
  spec {
    selector {
      match_labels = {
        app = "api"
      }
    }
    template {
      metadata {
        labels = {
          app = "api"
        }
      }
      spec {
        container {
          name  = "api"
          image = "api:1"
        }
      }
    }
  }
}
