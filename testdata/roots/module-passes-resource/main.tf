resource "terraform_data" "x" {
  input = { k = "v" }
}
module "m" {
  source = "./m"
  res    = terraform_data.x
}
