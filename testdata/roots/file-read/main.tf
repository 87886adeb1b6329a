module "m" { source = "./m" }
resource "terraform_data" "x" {
  input = file("${path.module}/data.txt")
}
resource "terraform_data" "y" {
  input = jsondecode(file("m/data.json")).k
}
resource "terraform_data" "z" {
  input = module.m.text
}
resource "terraform_data" "h" {
  input = filemd5("data.txt")
}
resource "terraform_data" "e" {
  input = [fileexists("data.txt"), fileexists("nope")]
}
resource "terraform_data" "s" {
  input = fileset(path.module, "m/*.json")
}
resource "terraform_data" "b" {
  input = filebase64("data.txt")
}
