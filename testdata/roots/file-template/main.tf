resource "terraform_data" "x" {
  input = templatefile("${path.module}/t.tftpl", { name = "web", ports = [80, 443], on = true })
}
resource "terraform_data" "y" {
  input = templatefile("user.sh", {})
}
