resource "aws_ecs_express_gateway_service" "app" {
  execution_role_arn      = "arn:aws:iam::111122223333:role/execution"
  infrastructure_role_arn = "arn:aws:iam::111122223333:role/infrastructure"

  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1"
    container_port = 8080
  }
}

resource "aws_ecs_express_gateway_service" "inner" {
  execution_role_arn      = "arn:aws:iam::111122223333:role/execution"
  infrastructure_role_arn = "arn:aws:iam::111122223333:role/infrastructure"

  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/inner:1"
    container_port = 8080
  }

  network_configuration {
    subnets = ["subnet-0f1e2d3c", "subnet-0c3d2e1f"]
  }
}
