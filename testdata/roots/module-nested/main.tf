module "outer" {
  source = "./modules/outer"
  env    = "prod"
}
resource "terraform_data" "x" {
  input = module.outer.all
}
