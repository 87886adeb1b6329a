resource "terraform_data" "a" {
  input = "base"
}
resource "terraform_data" "z" {
  input = "base"
}
