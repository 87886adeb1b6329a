# APIs

resource "aws_api_gateway_rest_api" "orders" { name = "orders" }

resource "aws_api_gateway_authorizer" "orders" {
  name           = "orders"
  rest_api_id    = aws_api_gateway_rest_api.orders.id
  type           = "REQUEST"
  authorizer_uri = aws_lambda_function.authorizer.invoke_arn
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_rest_api.orders.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "orders" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = "POST"
  authorization = "CUSTOM"
  authorizer_id = aws_api_gateway_authorizer.orders.id
}

resource "aws_api_gateway_integration" "orders" {
  rest_api_id             = aws_api_gateway_rest_api.orders.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = aws_api_gateway_method.orders.http_method
  type                    = "AWS"
  integration_http_method = "POST"
  uri                     = "arn:aws:apigateway:eu-west-1:states:action/StartExecution"
  request_templates       = { "application/json" = jsonencode({ stateMachineArn = aws_sfn_state_machine.orders.arn }) }
}

resource "aws_api_gateway_integration" "checked" {
  rest_api_id             = aws_api_gateway_rest_api.orders.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = "GET"
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  uri                     = "https://orders.example.com"
  tls_config { insecure_skip_verification = true }
}

resource "aws_api_gateway_stage" "orders" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  deployment_id = aws_api_gateway_deployment.orders.id
  stage_name    = "prod"
  variables     = { host = "orders.example.com" }
  canary_settings {
    deployment_id            = aws_api_gateway_deployment.orders.id
    percent_traffic          = 10
    stage_variable_overrides = { host = "next.example.com" }
  }
}

resource "aws_api_gateway_deployment" "orders" { rest_api_id = aws_api_gateway_rest_api.orders.id }

resource "aws_api_gateway_integration" "by_variable" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  resource_id = aws_api_gateway_resource.orders.id
  http_method = "PUT"
  type        = "HTTP_PROXY"
  uri         = "https://$${stageVariables.host}/orders"
}

resource "aws_sfn_state_machine" "orders" {
  name       = "orders"
  role_arn   = aws_iam_role.task.arn
  definition = "{}"
}

resource "aws_lambda_function" "authorizer" {
  function_name = "authorizer"
  role          = aws_iam_role.task.arn
  environment { variables = { ORDERS = "orders" } }
  vpc_config {
    subnet_ids         = [aws_subnet.a.id]
    security_group_ids = [aws_security_group.app.id]
  }
}

resource "aws_apigatewayv2_api" "web" {
  name                         = "web"
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = true
}

resource "aws_apigatewayv2_authorizer" "web" {
  api_id          = aws_apigatewayv2_api.web.id
  authorizer_type = "REQUEST"
  authorizer_uri  = aws_lambda_function.authorizer.invoke_arn
  name            = "web"
}

resource "aws_apigatewayv2_domain_name" "web" {
  domain_name = "api.example.com"
  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/1"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_integration" "queue" {
  api_id              = aws_apigatewayv2_api.web.id
  integration_type    = "AWS_PROXY"
  integration_subtype = "StepFunctions-StartExecution"
  request_parameters  = { StateMachineArn = aws_sfn_state_machine.orders.arn }
}

resource "aws_apigatewayv2_integration" "named" {
  api_id           = aws_apigatewayv2_api.web.id
  integration_type = "HTTP_PROXY"
  integration_uri  = "https://orders.example.com"
  tls_config { server_name_to_verify = "orders.example.com" }
}

resource "aws_apigatewayv2_route" "queue" {
  api_id    = aws_apigatewayv2_api.web.id
  route_key = "POST /orders"
  target    = "integrations/${aws_apigatewayv2_integration.queue.id}"
}

resource "aws_apigatewayv2_stage" "web" {
  api_id          = aws_apigatewayv2_api.web.id
  name            = "$default"
  stage_variables = { host = "orders.example.com" }
}

resource "aws_apigatewayv2_integration" "by_variable" {
  api_id           = aws_apigatewayv2_api.web.id
  integration_type = "HTTP_PROXY"
  integration_uri  = "https://$${stageVariables.host}/orders"
}

resource "aws_appsync_graphql_api" "shop" {
  name                = "shop"
  authentication_type = "API_KEY"
}

resource "aws_appsync_datasource" "search" {
  api_id = aws_appsync_graphql_api.shop.id
  name   = "search"
  type   = "AMAZON_OPENSEARCH_SERVICE"
  opensearchservice_config { endpoint = "https://search.eu-west-1.es.amazonaws.com" }
}

resource "aws_appsync_datasource" "events" {
  api_id = aws_appsync_graphql_api.shop.id
  name   = "events"
  type   = "AMAZON_EVENTBRIDGE"
  event_bridge_config { event_bus_arn = aws_cloudwatch_event_bus.orders.arn }
}

resource "aws_cloudwatch_event_bus" "orders" { name = "orders" }

resource "aws_appsync_datasource" "database" {
  api_id = aws_appsync_graphql_api.shop.id
  name   = "database"
  type   = "RELATIONAL_DATABASE"
  relational_database_config {
    http_endpoint_config {
      db_cluster_identifier = aws_rds_cluster.orders.arn
      aws_secret_store_arn  = aws_secretsmanager_secret.database.arn
    }
  }
}

resource "aws_rds_cluster" "orders" {
  cluster_identifier = "orders"
  engine             = "aurora-mysql"
}

# Servers and what stands before them

resource "aws_apprunner_service" "shop" {
  service_name = "shop"
  instance_configuration { instance_role_arn = aws_iam_role.task.arn }
}

resource "aws_apprunner_custom_domain_association" "shop" {
  service_arn = aws_apprunner_service.shop.arn
  domain_name = "shop.example.com"
}

resource "aws_autoscaling_group" "web" {
  name     = "web"
  min_size = 1
  max_size = 2
  launch_template { id = aws_launch_template.web.id }
}

resource "aws_launch_template" "web" {
  image_id = "ami-1"
  iam_instance_profile { arn = aws_iam_instance_profile.web.arn }
}

resource "aws_iam_instance_profile" "web" { role = aws_iam_role.task.name }

resource "aws_autoscaling_attachment" "web" {
  autoscaling_group_name = aws_autoscaling_group.web.name
  lb_target_group_arn    = aws_lb_target_group.web.arn
}

resource "aws_autoscaling_attachment" "former" {
  autoscaling_group_name = aws_autoscaling_group.web.name
  alb_target_group_arn   = aws_lb_target_group.web.arn
}

resource "aws_autoscaling_attachment" "classic" {
  autoscaling_group_name = aws_autoscaling_group.web.name
  elb                    = aws_elb.classic.id
}

resource "aws_lb_target_group" "web" {
  port     = 443
  protocol = "HTTPS"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb" "web" { load_balancer_type = "application" }

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_elb" "classic" {
  listener {
    instance_port     = 443
    instance_protocol = "https"
    lb_port           = 443
    lb_protocol       = "https"
  }
}

resource "aws_elb_attachment" "classic" {
  elb      = aws_elb.classic.id
  instance = aws_instance.app.id
}

resource "aws_load_balancer_policy" "tls" {
  load_balancer_name = aws_elb.classic.name
  policy_name        = "tls"
  policy_type_name   = "SSLNegotiationPolicyType"
  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}

resource "aws_load_balancer_listener_policy" "tls" {
  load_balancer_name = aws_elb.classic.name
  load_balancer_port = 443
  policy_names       = [aws_load_balancer_policy.tls.policy_name]
}

resource "aws_instance" "app" {
  ami                         = "ami-1"
  subnet_id                   = aws_subnet.a.id
  vpc_security_group_ids      = [aws_security_group.app.id]
  iam_instance_profile        = aws_iam_instance_profile.web.name
  user_data                   = "${aws_secretsmanager_secret.database.arn} ${aws_ssm_parameter.key.arn} ${aws_ssm_parameter.host.arn}"
  associate_public_ip_address = true
}

resource "aws_eip" "app" { instance = aws_instance.app.id }

resource "aws_ecs_task_definition" "app" {
  family             = "app"
  execution_role_arn = aws_iam_role.task.arn
  container_definitions = jsonencode([
    { name = "app", image = "app", portMappings = [{ containerPort = 8443 }], environment = [{ name = "DB", value = "db.example.com" }] }
  ])
}

resource "aws_cloudfront_distribution" "site" {
  enabled = true
  origin {
    origin_id   = "web"
    domain_name = aws_lb.web.dns_name
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "web"
    viewer_protocol_policy = "https-only"
  }
}

# Networks

resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.main.id
  }
}

resource "aws_route_table" "edge" { vpc_id = aws_vpc.main.id }

resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}

resource "aws_route_table_association" "b" {
  subnet_id      = aws_subnet.b.id
  route_table_id = aws_route_table.b.id
}

resource "aws_route_table" "b" { vpc_id = aws_vpc.main.id }

resource "aws_instance" "b" {
  ami                         = "ami-1"
  subnet_id                   = aws_subnet.b.id
  associate_public_ip_address = true
}

resource "aws_route" "in" {
  route_table_id              = aws_route_table.b.id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.main.id
}

resource "aws_route" "inspected" {
  route_table_id         = aws_route_table.edge.id
  destination_cidr_block = "10.0.1.0/24"
  vpc_endpoint_id        = tolist(aws_networkfirewall_firewall.all.firewall_status[0].sync_states)[0].attachment[0].endpoint_id
}

resource "aws_route_table_association" "edge" {
  gateway_id     = aws_internet_gateway.main.id
  route_table_id = aws_route_table.edge.id
}

resource "aws_security_group" "app" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 8443
    to_port         = 8443
    protocol        = "tcp"
    prefix_list_ids = [data.aws_ec2_managed_prefix_list.cloudfront.id]
  }
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  filter {
    name   = "prefix-list-name"
    values = ["com.amazonaws.global.cloudfront.origin-facing"]
  }
}

resource "aws_network_interface" "app" { subnet_id = aws_subnet.a.id }

resource "aws_network_interface_attachment" "app" {
  instance_id          = aws_instance.app.id
  network_interface_id = aws_network_interface.app.id
  device_index         = 1
}

resource "aws_ec2_traffic_mirror_session" "app" {
  network_interface_id     = aws_network_interface.app.id
  traffic_mirror_target_id = aws_ec2_traffic_mirror_target.sensor.id
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  session_number           = 1
}

resource "aws_ec2_traffic_mirror_target" "sensor" { network_load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/sensor/1" }

resource "aws_ec2_traffic_mirror_filter" "all" {}

# Names, files and keys

resource "aws_route53_zone" "main" { name = "example.com" }

resource "aws_s3_bucket" "site" { bucket = "site" }

resource "aws_s3_bucket_website_configuration" "site" {
  bucket = aws_s3_bucket.site.id
  index_document { suffix = "index.html" }
}

resource "aws_s3_bucket_ownership_controls" "site" {
  bucket = aws_s3_bucket.site.id
  rule { object_ownership = "BucketOwnerEnforced" }
}

resource "aws_s3_bucket_acl" "site" {
  bucket = aws_s3_bucket.site.id
  acl    = "public-read"
}

resource "aws_iam_role" "task" { assume_role_policy = "{}" }

resource "aws_iam_user" "deployer" { name = "deployer" }

resource "aws_iam_group" "operators" { name = "operators" }

resource "aws_iam_policy" "keys" {
  name   = "keys"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }] })
}

resource "aws_iam_user_policy" "keys" {
  user   = aws_iam_user.deployer.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }] })
}

resource "aws_iam_group_policy" "keys" {
  group  = aws_iam_group.operators.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }] })
}

resource "aws_iam_policy_attachment" "keys" {
  name       = "keys"
  policy_arn = aws_iam_policy.keys.arn
  roles      = [aws_iam_role.task.name]
  users      = [aws_iam_user.deployer.name]
  groups     = [aws_iam_group.operators.name]
}

resource "aws_kms_key" "payload" {}

resource "aws_kms_key_policy" "payload" {
  key_id = aws_kms_key.payload.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "kms:Decrypt", Resource = "*" }] })
}

resource "aws_kms_external_key" "own" { key_material_base64 = "AAAA" }

resource "tls_private_key" "web" { algorithm = "RSA" }

resource "aws_acm_certificate" "imported" {
  private_key      = tls_private_key.web.private_key_pem
  certificate_body = "certificate"
}

resource "aws_secretsmanager_secret" "database" { name = "database" }

resource "aws_secretsmanager_secret_version" "key" {
  secret_id     = aws_secretsmanager_secret.database.id
  secret_string = tls_private_key.web.private_key_pem
}

resource "aws_ssm_parameter" "key" {
  name  = "/key"
  type  = "SecureString"
  value = tls_private_key.web.private_key_pem
}

resource "aws_ssm_parameter" "host" {
  name           = "/host"
  type           = "String"
  insecure_value = tls_private_key.web.private_key_pem
}

resource "aws_acmpca_certificate_authority" "own" { type = "ROOT" }

resource "aws_ram_resource_share" "authority" { name = "authority" }

resource "aws_ram_resource_association" "authority" {
  resource_arn       = aws_acmpca_certificate_authority.own.arn
  resource_share_arn = aws_ram_resource_share.authority.arn
}

resource "aws_acm_certificate" "issued" {
  domain_name               = "web.example.com"
  certificate_authority_arn = aws_acmpca_certificate_authority.own.arn
}

resource "aws_lb_listener_certificate" "web" {
  listener_arn    = aws_lb_listener.web.arn
  certificate_arn = aws_acm_certificate.issued.arn
}

data "aws_iam_policy" "managed" { name = "AdministratorAccess" }

resource "aws_iam_role_policy_attachment" "managed" {
  role       = aws_iam_role.task.name
  policy_arn = data.aws_iam_policy.managed.arn
}

resource "aws_networkfirewall_tls_inspection_configuration" "all" {
  name = "all"
  tls_inspection_configuration {
    server_certificate_configuration {
      server_certificate { resource_arn = aws_acm_certificate.issued.arn }
      scope {
        protocols = [6]
        source { address_definition = "0.0.0.0/0" }
        destination { address_definition = "10.0.0.0/16" }
        source_ports {
          from_port = 0
          to_port   = 65535
        }
        destination_ports {
          from_port = 443
          to_port   = 443
        }
      }
    }
  }
}

resource "aws_networkfirewall_firewall_policy" "all" {
  name = "all"
  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
    tls_inspection_configuration_arn   = aws_networkfirewall_tls_inspection_configuration.all.arn
  }
}

resource "aws_networkfirewall_firewall" "all" {
  name                = "all"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.all.arn
  vpc_id              = aws_vpc.main.id
  subnet_mapping { subnet_id = aws_subnet.a.id }
}

resource "aws_cloudfront_multitenant_distribution" "shops" {
  enabled = true
  origin {
    id          = "web"
    domain_name = aws_lb.web.dns_name
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols { items = ["TLSv1.2"] }
    }
  }
  default_cache_behavior {
    target_origin_id       = "web"
    viewer_protocol_policy = "https-only"
  }
}

resource "aws_network_interface" "inline" {
  subnet_id = aws_subnet.a.id
  attachment {
    instance     = aws_instance.app.id
    device_index = 2
  }
}

resource "aws_ec2_traffic_mirror_session" "inline" {
  network_interface_id     = aws_network_interface.inline.id
  traffic_mirror_target_id = aws_ec2_traffic_mirror_target.sensor.id
  traffic_mirror_filter_id = aws_ec2_traffic_mirror_filter.all.id
  session_number           = 2
}

resource "aws_apigatewayv2_route" "authorized" {
  api_id             = aws_apigatewayv2_api.web.id
  route_key          = "GET /"
  authorization_type = "CUSTOM"
  authorizer_id      = aws_apigatewayv2_authorizer.web.id
  target             = "integrations/${aws_apigatewayv2_integration.queue.id}"
}

resource "aws_apigatewayv2_api_mapping" "web" {
  api_id      = aws_apigatewayv2_api.web.id
  domain_name = aws_apigatewayv2_domain_name.web.id
  stage       = aws_apigatewayv2_stage.web.id
}

resource "aws_api_gateway_rest_api" "named" {
  name                         = "named"
  disable_execute_api_endpoint = true
}

resource "aws_apigatewayv2_api_mapping" "named" {
  api_id      = aws_api_gateway_rest_api.named.id
  domain_name = aws_apigatewayv2_domain_name.web.id
  stage       = "prod"
}

data "aws_cloudfront_distribution" "elsewhere" {
  id = "E2EXAMPLE"
}

resource "aws_cloudwatch_log_delivery_source" "elsewhere" {
  name         = "elsewhere"
  log_type     = "ACCESS_LOGS"
  resource_arn = data.aws_cloudfront_distribution.elsewhere.arn
}
