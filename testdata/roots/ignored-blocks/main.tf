terraform {
  required_version = ">= 1.0"
}
moved {
  from = terraform_data.old
  to   = terraform_data.x
}
removed {
  from = terraform_data.gone
  lifecycle { destroy = false }
}
check "c" {
  assert {
    condition     = terraform_data.y.input == 2
    error_message = "x"
  }
}
resource "terraform_data" "x" {
  input = 1
  depends_on = [terraform_data.y]
  lifecycle {
    create_before_destroy = true
    precondition {
      condition     = terraform_data.y.input == 2
      error_message = "no"
    }
  }
  provisioner "local-exec" {
    command = self.input
  }
}
resource "terraform_data" "y" {
  input = 2
}
