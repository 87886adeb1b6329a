resource "terraform_data" "j" {
  input = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:*"], Resource = "*" }] })
}
resource "terraform_data" "y" {
  input = yamlencode({ a = [1, { b = "x" }], c = { d = null } })
}
resource "terraform_data" "r" {
  input = jsondecode(jsonencode({ a = [1, "b", null, true] }))
}
resource "terraform_data" "m" {
  input = merge(yamldecode("a: 1\nb: [x]"), jsondecode("{\"c\": 2}"))
}
