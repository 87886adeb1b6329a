resource "terraform_data" "d" {
  input = "not ignored"
}
