# Cloudflare

resource "cloudflare_zone" "site" { zone = "example.com" }

data "cloudflare_zone" "found" { filter = { name = "example.com" } }

resource "cloudflare_dns_record" "found" {
  zone_id = data.cloudflare_zone.found.zone_id
  name    = "found"
  type    = "A"
  content = "203.0.113.11"
  proxied = true
}

resource "cloudflare_dns_record" "site" {
  zone_id = cloudflare_zone.site.id
  name    = "www"
  type    = "A"
  content = "203.0.113.10"
  proxied = true
}

resource "cloudflare_worker_route" "site" {
  zone_id     = cloudflare_zone.site.id
  pattern     = "www.example.com/*"
  script_name = "reader"
}

resource "cloudflare_snippet_rules" "site" {
  zone_id = cloudflare_zone.site.id
  rules = [{
    enabled      = true
    expression   = "true"
    snippet_name = "reader"
  }]
}

resource "cloudflare_hostname_tls_setting" "site" {
  zone_id    = cloudflare_zone.site.id
  setting_id = "min_tls_version"
  hostname   = "www.example.com"
  value      = "1.2"
}

resource "cloudflare_pages_domain" "site" {
  account_id   = "1"
  project_name = "site"
  name         = "pages.example.com"
}

resource "cloudflare_logpull_retention" "site" {
  zone_id = cloudflare_zone.site.id
  flag    = true
}

resource "cloudflare_load_balancer" "site" {
  zone_id          = cloudflare_zone.site.id
  name             = "lb.example.com"
  proxied          = true
  default_pool_ids = [cloudflare_load_balancer_pool.a.id]
  fallback_pool_id = cloudflare_load_balancer_pool.a.id
  region_pools     = { WEU = [cloudflare_load_balancer_pool.a.id] }
}

resource "cloudflare_load_balancer" "next" {
  zone_id       = cloudflare_zone.site.id
  name          = "next.example.com"
  proxied       = true
  default_pools = [cloudflare_load_balancer_pool.a.id]
  fallback_pool = cloudflare_load_balancer_pool.a.id
}

resource "cloudflare_load_balancer_pool" "a" {
  account_id = "1"
  name       = "a"
  origins = [{
    name    = "a"
    address = "203.0.113.10"
    port    = 443
  }]
}

# Fastly

resource "fastly_service_vcl" "site" {
  name = "site"
  domain { name = "shop.example.com" }
  backend {
    name    = "origin"
    address = "origin.example.com"
    use_ssl = true
  }
  logging_https {
    name   = "log"
    url    = "https://logs.example.com"
    format = "%r"
  }
}

resource "fastly_domain" "site" { fqdn = "www.example.org" }

resource "fastly_domain_service_link" "site" {
  domain_id  = fastly_domain.site.id
  service_id = fastly_service_vcl.site.id
}

# Kubernetes

resource "kubernetes_ingress" "site" {
  metadata {
    name = "site"
    annotations = {
      "kubernetes.io/ingress.class"      = "alb"
      "alb.ingress.kubernetes.io/scheme" = "internet-facing"
    }
  }
  spec {
    backend {
      service_name = "site"
      service_port = 80
    }
  }
}

resource "kubernetes_service" "site" {
  metadata { name = "site" }
  spec {
    type          = "ExternalName"
    external_name = "www.example.com"
    port { port = 80 }
  }
}

resource "kubectl_manifest" "site" {
  yaml_body = <<-YAML
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: site
      annotations:
        alb.ingress.kubernetes.io/scheme: internet-facing
    spec:
      ingressClassName: alb
      defaultBackend:
        service: {name: elsewhere, port: {number: 80}}
      rules:
        - http:
            paths:
              - backend: {serviceName: elsewhere, servicePort: 80}
    YAML
}

resource "kubectl_manifest" "service" {
  yaml_body = <<-YAML
    apiVersion: v1
    kind: Service
    metadata: {name: elsewhere}
    spec:
      type: ExternalName
      externalName: www.example.com
      ports: [{port: 80, targetPort: 8080}]
    YAML
}

resource "helm_release" "site" {
  name   = "site"
  chart  = "./site"
  values = ["a: b"]
  set {
    name  = "a"
    value = "b"
  }
  set_sensitive {
    name  = "c"
    value = "d"
  }
}

variable "annotation" { type = string }

variable "manifest" { type = string }

resource "kubectl_manifest" "unknown" { yaml_body = var.manifest }

resource "kubernetes_secret" "database" {
  metadata { name = "database" }
  data = { url = "postgres://db.example.com" }
}

resource "kubernetes_manifest" "pods" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "app" }
    spec = { template = {
      metadata = { labels = { app = "app" } }
      spec     = { containers = [{ name = "app", env = [{ name = "DB", value = kubernetes_secret.database.id }] }] }
    } }
  }
}

resource "kubectl_manifest" "unread" {
  yaml_body = <<-YAML
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: unread
      annotations:
        ${var.annotation}: x
        kubernetes.io/ingress.class: alb
    spec:
      defaultBackend: {service: {name: site, port: {number: 80}}}
    YAML
}

resource "kubectl_manifest" "gateway" {
  yaml_body = <<-YAML
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: site}
    spec: {gatewayClassName: nginx}
    YAML
}

resource "cloudflare_logpush_job" "requests" {
  zone_id         = cloudflare_zone.site.id
  dataset         = "http_requests"
  enabled         = true
  logpull_options = "fields=RequestHeaders"
}
