resource "terraform_data" "x" {
  count = 0
  input = "n"
}
resource "terraform_data" "y" {
  input = one(terraform_data.x[*].input)
}
resource "terraform_data" "z" {
  input = try(terraform_data.x[0].input, "none")
}
resource "terraform_data" "e" {
  input = element(concat(terraform_data.x.*.input, ["empty"]), 0)
}
