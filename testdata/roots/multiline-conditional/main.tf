resource "terraform_data" "a" {
  input = (
    true
    ? "yes"
    : "no"
  )
}
resource "terraform_data" "b" {
  input = [
    for x in [1, 2]
    : x * 2
    if x > 1
  ]
}
resource "terraform_data" "c" {
  input = {
    for k, v in { a = true, b = false } : k => v
      ? "on"
      : "off"
  }
}
