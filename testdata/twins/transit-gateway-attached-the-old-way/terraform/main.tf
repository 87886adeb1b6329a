variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the blog"
}

variable "hub_id" {
  type        = string
  description = "Transit gateway of the network's account"
}

variable "image_id" {
  type        = string
  description = "Image of the servers"
}

variable "service_name" {
  type        = string
  description = "Endpoint service of the appliances"
}

resource "aws_vpc" "inspection" {
  cidr_block = "10.9.0.0/16"
}

resource "aws_subnet" "inspection_one" {
  vpc_id     = aws_vpc.inspection.id
  cidr_block = "10.9.1.0/24"
}

resource "aws_vpc" "shop" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "shop_one" {
  vpc_id     = aws_vpc.shop.id
  cidr_block = "10.1.1.0/24"
}

resource "aws_vpc" "blog" {
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "blog_one" {
  vpc_id     = aws_vpc.blog.id
  cidr_block = "10.2.1.0/24"
}

resource "aws_subnet" "blog_other" {
  vpc_id     = aws_vpc.blog.id
  cidr_block = "10.2.2.0/24"
}

resource "aws_vpc_endpoint" "appliances" {
  vpc_endpoint_type = "GatewayLoadBalancer"
  service_name      = var.service_name
  vpc_id            = aws_vpc.inspection.id
  subnet_ids        = [aws_subnet.inspection_one.id]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "inspection" {
  transit_gateway_id = var.hub_id
  vpc_id             = aws_vpc.inspection.id
  subnet_ids         = [aws_subnet.inspection_one.id]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "shop" {
  transit_gateway_id = var.hub_id
  vpc_id             = aws_vpc.shop.id
  subnet_ids         = [aws_subnet.shop_one.id]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "blog" {
  transit_gateway_id = var.hub_id
  vpc_id             = aws_vpc.blog.id
  subnet_ids         = [aws_subnet.blog_one.id]
}

resource "aws_lb" "shop" {
  load_balancer_type = "network"
  internal           = false
  subnets            = [aws_subnet.shop_one.id]
}

resource "aws_lb_listener" "shop" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_lb_target_group" "shop" {
  port        = 8443
  protocol    = "TCP"
  target_type = "instance"
  vpc_id      = aws_vpc.shop.id
}

resource "aws_lb_target_group_attachment" "shop" {
  target_group_arn = aws_lb_target_group.shop.arn
  target_id        = aws_instance.shop.id
  port             = 8443
}

resource "aws_instance" "shop" {
  ami           = var.image_id
  instance_type = "t3.small"
  subnet_id     = aws_subnet.shop_one.id
}

resource "aws_lb" "blog" {
  load_balancer_type = "application"
  internal           = false
  subnets            = [aws_subnet.blog_one.id, aws_subnet.blog_other.id]
}

resource "aws_lb_listener" "blog" {
  load_balancer_arn = aws_lb.blog.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.blog.arn
  }
}

resource "aws_lb_target_group" "blog" {
  port        = 8080
  protocol    = "HTTP"
  target_type = "instance"
  vpc_id      = aws_vpc.blog.id
}

resource "aws_lb_target_group_attachment" "blog" {
  target_group_arn = aws_lb_target_group.blog.arn
  target_id        = aws_instance.blog.id
  port             = 8080
}

resource "aws_instance" "blog" {
  ami           = var.image_id
  instance_type = "t3.small"
  subnet_id     = aws_subnet.blog_one.id
}
