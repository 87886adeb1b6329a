resource "terraform_data" "a" {
  input = { k = 1, k = 2, "k" = 3 }
}
