b = "a.auto"
c = "a.auto"
