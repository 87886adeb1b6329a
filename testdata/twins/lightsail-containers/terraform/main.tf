resource "aws_lightsail_container_service" "shop" {
  name  = "shop"
  power = "nano"
  scale = 1
}

resource "aws_lightsail_distribution" "shop" {
  name       = "shop-site"
  bundle_id  = "small_1_0"
  is_enabled = true

  origin {
    name            = aws_lightsail_container_service.shop.name
    region_name     = "eu-central-1"
    protocol_policy = "https-only"
  }

  default_cache_behavior {
    behavior = "dont-cache"
  }
}

resource "aws_lightsail_container_service" "blog" {
  name  = "blog"
  power = "nano"
  scale = 1
}

resource "aws_lightsail_distribution" "blog" {
  name       = "blog-site"
  bundle_id  = "small_1_0"
  is_enabled = true

  origin {
    name            = "blog"
    region_name     = "eu-central-1"
    protocol_policy = "http-only"
  }

  default_cache_behavior {
    behavior = "cache"
  }
}
