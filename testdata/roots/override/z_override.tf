locals {
  a = 9
}
