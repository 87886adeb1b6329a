module "m" {
  source = "./m"
  count  = 2
  n      = count.index
}
resource "terraform_data" "x" {
  input = module.m[*].n
}
resource "terraform_data" "y" {
  input = module.m[1].n
}
