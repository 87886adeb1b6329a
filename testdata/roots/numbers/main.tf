resource "terraform_data" "a" {
  input = [0.1 + 0.2, 1 / 4, 7 % 3, -2 * 3, 10 / 4, floor(2.7), ceil(2.1), max(1, 5, 3), pow(2, 10)]
}
resource "terraform_data" "b" {
  input = "${1.50} ${100000000000} ${1e3}"
}
resource "terraform_data" "c" {
  input = "5" + 1
}
resource "terraform_data" "d" {
  input = parseint("ff", 16)
}
