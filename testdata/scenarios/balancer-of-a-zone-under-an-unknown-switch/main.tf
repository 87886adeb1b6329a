variable "on" { type = bool }
resource "cloudflare_load_balancer" "l" {
  zone_id       = "z"
  name          = "www.example.com"
  enabled       = var.on
  proxied       = true
  default_pools = [cloudflare_load_balancer_pool.p.id]
  fallback_pool = cloudflare_load_balancer_pool.p.id
}

resource "cloudflare_load_balancer_pool" "p" {
  account_id = "a"
  name       = "p"
  origins    = [{ name = "o", address = aws_instance.web.public_ip }]
}

resource "aws_instance" "web" { ami = "a" }
