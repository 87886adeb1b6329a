module "m" { source = "./modules/m" }
resource "terraform_data" "x" {
  input = [path.module, path.root, basename(path.module)]
}
resource "terraform_data" "y" {
  input = module.m.path
}
