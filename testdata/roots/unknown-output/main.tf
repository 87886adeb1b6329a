resource "terraform_data" "a" {
  input = "x"
}
resource "terraform_data" "b" {
  input = terraform_data.a.output
}
resource "terraform_data" "c" {
  input = "pre-${terraform_data.a.id}"
}
resource "terraform_data" "d" {
  input = [terraform_data.a.input, terraform_data.a.output, 1]
}
resource "terraform_data" "e" {
  input = length([terraform_data.a.output])
}
resource "terraform_data" "f" {
  input = { k = terraform_data.a.id, l = 2 }
}
