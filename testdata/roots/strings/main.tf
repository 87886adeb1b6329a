locals {
  name = "My App"
}
resource "terraform_data" "a" {
  input = lower(replace(local.name, " ", "-"))
}
resource "terraform_data" "b" {
  input = format("%s-%03d", substr(sha1(local.name), 0, 8), 7)
}
resource "terraform_data" "c" {
  input = join(",", sort(distinct(split(" ", "b a b"))))
}
resource "terraform_data" "d" {
  input = regex("^(\\w+) (\\w+)$", local.name)
}
resource "terraform_data" "e" {
  input = replace("https://x.org/p", "/^https?:\\/\\/([^\\/]+).*/", "$1")
}
resource "terraform_data" "f" {
  input = trimsuffix("example.com.", ".")
}
resource "terraform_data" "g" {
  input = title("hello world")
}
resource "terraform_data" "h" {
  input = [for s in ["a", "b"] : "${s}%{ if s == "a" }!%{ endif }"]
}
