resource "terraform_data" "c" {
  input = "no OpenTofu"
}
