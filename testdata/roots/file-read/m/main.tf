output "text" { value = yamldecode(file("${path.module}/data.json")) }
