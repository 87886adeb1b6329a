resource "terraform_data" "a" {
  input = [1 == "1", "a" == "a", null == null, [] == [], tolist(["a"]) == ["a"], { a = 1 } == { a = 1 }, true == "true", tomap({ a = 1 }) == { a = 1 }]
}
resource "terraform_data" "b" {
  input = [!true || true && false, 1 < 2, "2" > 1, 2 >= 2]
}
