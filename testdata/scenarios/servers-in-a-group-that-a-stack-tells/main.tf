resource "aws_cloudformation_stack" "network" {
  name         = "network"
  template_url = "https://templates.example.com/network.yaml"
}
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
resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_cloudformation_stack.network.outputs["TargetGroupArn"]
  target_id        = aws_instance.app.id
}
resource "aws_instance" "app" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.small"
}
