resource "terraform_data" "a" {
  input = "v"
}
resource "terraform_data" "b" {
  input = terraform_data.a[*].input
}
resource "terraform_data" "c" {
  input = terraform_data.a.*.input
}
