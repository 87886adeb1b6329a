output "list" { value = ["a"] }
