resource "terraform_data" "b" {
  input = "no override"
}
