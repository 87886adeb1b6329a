module "m" { source = "./m" }
resource "terraform_data" "x" {
  input = try(module.m.list[3], "none")
}
resource "terraform_data" "y" {
  input = can(module.m.list[0])
}
