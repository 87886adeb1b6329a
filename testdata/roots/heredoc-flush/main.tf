# Strip markers are applied line by line, and `<<-` takes away the indentation only after that.
variable "on" { default = true }
variable "l" { default = ["a", "b"] }
resource "terraform_data" "h1" {
  input = <<-EOT
    %{ if var.on ~}
    yes
    %{ else ~}
    no
    %{ endif ~}
    end
  EOT
}
resource "terraform_data" "h2" {
  input = <<-EOT
    list:
    %{ for x in var.l ~}
      - ${x}
    %{ endfor ~}
    end
    EOT
}
resource "terraform_data" "h3" {
  input = <<-EOT
      deep
    shallow ${var.on}
        deeper
  EOT
}
resource "terraform_data" "h4" {
  input = <<-EOT
    a ${~ "x" ~}
    b
      %{~ for x in var.l }
      ${x}
      %{~ endfor }
  EOT
}
resource "terraform_data" "h5" {
  input = <<EOT
    %{ for x in var.l ~}
    ${x}
    %{ endfor ~}
  EOT
}
resource "terraform_data" "h6" {
  input = <<-EOT
    ${var.on}
      indented

    after blank
  EOT
}
resource "terraform_data" "h7" {
  input = <<-EOT
	tab
	  tab and two
  EOT
}
resource "terraform_data" "h8" {
  input = <<-EOT
    %{~ if var.on ~}
    yes
    %{~ endif ~}
  EOT
}
resource "terraform_data" "h9" {
  input = <<-EOT
      %{ if var.on }yes%{ endif }
    two
  EOT
}
resource "terraform_data" "h10" {
  input = <<-EOT
    one
   
      three
  EOT
}
resource "terraform_data" "h11" {
  input = <<-EOT
    ${~ "x" }
      y
    %{ for k, v in { a = 1, b = 2 } ~}
    %{ if v > 1 ~}
        ${k} = ${v}
    %{ else ~}
    ${k}
    %{ endif ~}
    %{ endfor ~}
  EOT
}
resource "terraform_data" "h12" {
  input = <<-EOT
    {
      "a": [
        %{~ for i, x in var.l ~}
        "${x}"%{ if i < 1 },%{ endif }
        %{~ endfor ~}
      ]
    }
  EOT
}
resource "terraform_data" "h13" {
  input = <<-EOT
    a
  ${"b"}
      c
  EOT
}
resource "terraform_data" "h14" {
  input = <<-EOT
    %{ if var.on ~}
      two
    %{ endif }
   one
  EOT
}
resource "terraform_data" "h15" {
  input = <<-EOT

      lead
    x
  EOT
}
resource "terraform_data" "h16" {
  input = <<-EOT
    a${
      "b"
    }c
      d
  EOT
}
resource "terraform_data" "h17" {
  input = <<-EOT
    ${"a"}  ${~ "b" ~}   
      c
    ${~ "d"}
  EOT
}
resource "terraform_data" "h18" {
  input = <<EOT
a
  %{~ if var.on }
  b
  %{~ endif }
c
EOT
}
resource "terraform_data" "h19" {
  input = <<-EOT
    %{ for x in var.l }
    ${x}
    %{ endfor }
  EOT
}
resource "terraform_data" "h20" {
  input = <<-EOT
    x = <<-IN
      q
    IN
    $${no} %%{no} \n "q"
  EOT
}
resource "terraform_data" "file" {
  input = templatefile("lines.tpl", { on = var.on, l = var.l })
}
resource "terraform_data" "unknown" {
  input = <<-EOT
    %{ for x in var.l ~}
      ${x} ${terraform_data.h3.id}
    %{ endfor ~}
    end
  EOT
}
