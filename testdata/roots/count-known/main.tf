resource "terraform_data" "x" {
  count = 3
  input = "n${count.index}"
}
resource "terraform_data" "y" {
  input = terraform_data.x[*].input
}
resource "terraform_data" "z" {
  input = terraform_data.x[1].input
}
resource "terraform_data" "l" {
  input = length(terraform_data.x)
}
