locals {
  who = "me"
}
resource "terraform_data" "x" {
  input = <<EOT
hello ${local.who}
  indented
EOT
}
resource "terraform_data" "y" {
  input = <<-EOT
    one
      two ${local.who}
    three
    EOT
}
resource "terraform_data" "z" {
  input = <<-EOT
    %{ for n in [1, 2] }
    - ${n}
    %{ endfor }
    end
  EOT
}
resource "terraform_data" "w" {
  input = trimspace(<<-EOF
    {"a": "$${b}"}
  EOF
  )
}
resource "terraform_data" "j" {
  input = jsondecode(<<EOT
{"k": [1, 2]}
EOT
  ).k
}
