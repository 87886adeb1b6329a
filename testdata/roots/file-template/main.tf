resource "terraform_data" "x" {
  input = templatefile("${path.module}/t.tftpl", { name = "web", ports = [80, 443], on = true })
}
resource "terraform_data" "y" {
  input = templatefile("user.sh", {})
}
resource "terraform_data" "z" {
  input = templatefile("user.sh", { iam-role-arn = "q", _x = 1, "é" = 2 })
}
