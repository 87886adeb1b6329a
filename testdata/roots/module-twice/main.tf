module "a" {
  source = "./m"
  n = 1
}
module "b" {
  source = "./m"
  n = module.a.next
}
resource "terraform_data" "x" {
  input = module.b.next
}
