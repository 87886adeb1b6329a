locals {
  l = ["a", "b"]
  m = { k = [{ x = 1 }, { x = 2 }] }
}
resource "terraform_data" "a" {
  input = local.l.1
}
resource "terraform_data" "b" {
  input = local.m.k.*.x
}
resource "terraform_data" "c" {
  input = local.m["k"][1].x
}
resource "terraform_data" "d" {
  input = local.m["k"][*]["x"]
}
