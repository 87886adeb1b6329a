module "m" {
  source = "./m"
  count  = 0
}
resource "terraform_data" "x" {
  input = length(module.m)
}
resource "terraform_data" "y" {
  input = one(module.m[*].n)
}
