resource "aws_amplify_app" "shop" {
  name = "shop"

  custom_rule {
    source = "/api/<*>"
    status = "200"
    target = "https://api.example.com/<*>"
  }

  custom_rule {
    source = "/legacy/<*>"
    status = "200"
    target = "http://legacy.example.com/<*>"
  }

  custom_rule {
    source = "/docs"
    status = "302"
    target = "http://docs.example.com"
  }

  custom_rule {
    source = "/<*>"
    status = "404-200"
    target = "/index.html"
  }
}

resource "aws_amplify_branch" "main" {
  app_id      = aws_amplify_app.shop.id
  branch_name = "main"
}

resource "aws_amplify_domain_association" "shop" {
  app_id      = aws_amplify_app.shop.id
  domain_name = "example.com"

  sub_domain {
    branch_name = aws_amplify_branch.main.branch_name
    prefix      = "shop"
  }
}
