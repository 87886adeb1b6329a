module "m" { source = "./m" }
resource "terraform_data" "x" {
  input = module.m.config.ports[0]
}
resource "terraform_data" "y" {
  input = module.m.config["name"]
}
resource "terraform_data" "z" {
  input = module.m
}
