# one
// two
/* three
   four */
resource "terraform_data" "a" { # five
  input = [ # six
    1, // seven
    2, /* eight */ 3, # nine
  ] // ten
}
resource "terraform_data" "b" {
  input = {
    # inner
    a = 1 # tail
    b = "x # no comment"
  }
}
