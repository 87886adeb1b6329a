resource "google_compute_global_forwarding_rule" "web" {
  name       = "web"
  target     = "https-proxy"
  port_range = "443"
}

resource "digitalocean_cdn" "files" {
  origin = "files.fra1.digitaloceanspaces.com"
}

resource "gcore_cdn_resource" "site" {
  cname        = "cdn.example.com"
  origin_group = 1
}

resource "hcloud_load_balancer" "web" {
  name               = "web"
  load_balancer_type = "lb11"
  location           = "fsn1"
}
