module "m" {
  source = "./m"
  a = null
  b = null
}
resource "terraform_data" "x" {
  input = module.m.all
}
