output "config" { value = { name = "n", ports = [80, 443] } }
output "other" { value = true }
