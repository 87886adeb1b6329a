locals {
  sites = { web = { port = 80 }, api = { port = 8080, path = "/v1" } }
}
resource "terraform_data" "x" {
  for_each = local.sites
  input = { port = each.value.port, path = try(each.value.path, "/") }
}
