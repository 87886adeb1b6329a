module "m" {
  source = "./m"
  name   = "web"
}
resource "terraform_data" "x" {
  input = module.m.label
}
