resource "cloudflare_zero_trust_tunnel_cloudflared" "any" {
  account_id = "0123"
  name       = "any"
}

resource "cloudflare_zero_trust_tunnel_cloudflared_config" "any" {
  account_id = "0123"
  tunnel_id  = cloudflare_zero_trust_tunnel_cloudflared.any.id
  config = {
    origin_request = {
      no_tls_verify = false
    }
    ingress = [
      {
        hostname = "any.example.org"
        service  = "https://10.0.0.5:8443"
        # Goes before the tunnel's own.
        origin_request = {
          no_tls_verify = true
        }
      },
      { service = "http_status:404" },
    ]
  }
}

# Provider version 4.
resource "cloudflare_tunnel" "plain" {
  account_id = "0123"
  name       = "plain"
  secret     = "c2VjcmV0"
}

resource "cloudflare_tunnel_config" "plain" {
  account_id = "0123"
  tunnel_id  = cloudflare_tunnel.plain.id
  config {
    ingress_rule {
      hostname = "plain.example.org"
      service  = "http://10.0.0.6:8080"
    }
    ingress_rule {
      service = "http_status:404"
    }
  }
}

resource "cloudflare_zero_trust_tunnel_cloudflared" "local" {
  account_id = "0123"
  name       = "local"
}

# The file on the host decides.
resource "cloudflare_zero_trust_tunnel_cloudflared_config" "local" {
  account_id = "0123"
  tunnel_id  = cloudflare_zero_trust_tunnel_cloudflared.local.id
  source     = "local"
  config = {
    ingress = [{ service = "https://10.0.0.7" }]
  }
}
