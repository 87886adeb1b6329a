resource "terraform_data" "a" {
  input            = "x"
  triggers_replace = [1, "y"]
}
resource "terraform_data" "b" {
  input = terraform_data.a.triggers_replace[1]
}
