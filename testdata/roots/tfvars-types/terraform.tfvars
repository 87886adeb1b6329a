list = ["a", "b"]
port = "8080"
on = true
