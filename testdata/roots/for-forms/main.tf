locals {
  users = [{ n = "a", r = "x" }, { n = "b", r = "y" }, { n = "c", r = "x" }]
}
resource "terraform_data" "g" {
  input = { for u in local.users : u.r => u.n... }
}
resource "terraform_data" "i" {
  input = [for i, u in local.users : "${i}:${u.n}"]
}
resource "terraform_data" "f" {
  input = [for u in local.users : u.n if u.r == "x"]
}
resource "terraform_data" "o" {
  input = { for u in local.users : u.n => u }
}
resource "terraform_data" "d" {
  input = distinct(local.users[*].r)
}
resource "terraform_data" "n" {
  input = { for k, v in { b = 1, a = 2 } : v => k }
}
