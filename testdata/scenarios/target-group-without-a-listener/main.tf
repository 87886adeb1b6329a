resource "aws_lb" "passing" {
  load_balancer_type = "network"
  subnets            = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
}
resource "aws_lb_listener" "passing" {
  load_balancer_arn = aws_lb.passing.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.passing.arn
  }
}
resource "aws_lb_target_group" "passing" {
  port     = 443
  protocol = "TCP"
  vpc_id   = "vpc-0123abcd"
}
resource "aws_lb_target_group_attachment" "passing" {
  target_group_arn = aws_lb_target_group.passing.arn
  target_id        = aws_instance.app.id
}
resource "aws_lb_target_group" "app" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-0123abcd"
}
resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.app.id
}
resource "aws_instance" "app" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}
output "target_group_arn" {
  value = aws_lb_target_group.app.arn
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "NONE"
}
resource "aws_lb_target_group" "orders" {
  target_type = "lambda"
}
resource "aws_lb_target_group_attachment" "orders" {
  target_group_arn = aws_lb_target_group.orders.arn
  target_id        = aws_lambda_function.orders.arn
}
