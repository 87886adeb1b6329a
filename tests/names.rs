//! Resources that are named by text lead to the same nodes as resources that are referred to.
#![cfg(test)]

use serde_json::Value as Json;
use std::process::Command;

fn hops(files: &[(&str, &str)]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["--format", "json", "."])
        .current_dir(directory.path())
        .output()
        .unwrap();
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    let address =
        |id: &Json| report["nodes"][usize::try_from(id.as_u64().unwrap()).unwrap()]["address"].as_str().unwrap();
    let hops = report["hops"].as_array().unwrap().iter();
    hops.map(|hop| format!("{} -> {}", address(&hop["from"]), address(&hop["to"]))).collect()
}

const FUNCTION: &str = r#"
resource "aws_lambda_function" "orders" {
  function_name = "orders"
}
"#;

/// An API that names its function by an ARN of which account and Region are not known.
const API: &str = "
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: orders, ProtocolType: HTTP}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:orders
      PayloadFormatVersion: '2.0'
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: $default, Target: !Sub 'integrations/${Integration}'}
";

#[test]
fn an_arn_written_as_text_crosses_the_languages() {
    let found = hops(&[("functions/main.tf", FUNCTION), ("api/template.yaml", API)]);
    assert!(found.contains(&"Api -> aws_lambda_function.orders".to_owned()), "{found:?}");
}

#[test]
fn an_arn_that_two_resources_have_is_not_guessed() {
    let found = hops(&[("east/main.tf", FUNCTION), ("west/main.tf", FUNCTION), ("api/template.yaml", API)]);
    assert!(found.iter().any(|hop| hop.starts_with("Api -> external:arn:")), "{found:?}");
    assert!(!found.iter().any(|hop| hop.ends_with("aws_lambda_function.orders")), "{found:?}");
}

/// An API that names its function by an ARN, in code that is bound to a Region and an account.
fn api_calling(arn: &str) -> String {
    let provider =
        "provider \"aws\" {\n  region              = \"eu-west-1\"\n  allowed_account_ids = [\"111122223333\"]\n}\n";
    let uri = format!("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{arn}/invocations");
    format!(
        r#"{provider}{FUNCTION}
resource "aws_api_gateway_rest_api" "api" {{
  name = "orders"
}}

resource "aws_api_gateway_integration" "api" {{
  rest_api_id             = aws_api_gateway_rest_api.api.id
  resource_id             = aws_api_gateway_rest_api.api.root_resource_id
  http_method             = "ANY"
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = "{uri}"
}}
"#
    )
}

#[test]
fn an_arn_of_another_place_is_another_resource() {
    let leads_to_the_function = |arn: &str| {
        let found = hops(&[("main.tf", &api_calling(arn))]);
        found.contains(&"aws_api_gateway_rest_api.api -> aws_lambda_function.orders".to_owned())
    };
    assert!(leads_to_the_function("arn:aws:lambda:eu-west-1:111122223333:function:orders"));
    assert!(!leads_to_the_function("arn:aws:lambda:eu-west-1:999988887777:function:orders"), "another account");
    assert!(!leads_to_the_function("arn:aws:lambda:us-east-1:111122223333:function:orders"), "another Region");
}

#[test]
fn a_store_whose_name_is_written_in_the_code_is_still_referred_to() {
    let code = r#"
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  environment {
    variables = {
      BUCKET = aws_s3_bucket.files.bucket
      QUEUE  = "jobs/${aws_sqs_queue.jobs.name}"
      TAG    = aws_sns_topic.news.display_name
    }
  }
}

resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "NONE"
}

resource "aws_s3_bucket" "files" {
  bucket = "files"
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_sns_topic" "news" {
  name         = "news"
  display_name = "News"
}
"#;
    let found = hops(&[("main.tf", code)]);
    assert!(found.contains(&"aws_lambda_function.orders -> aws_s3_bucket.files".to_owned()), "{found:?}");
    assert!(found.contains(&"aws_lambda_function.orders -> aws_sqs_queue.jobs".to_owned()), "{found:?}");
    assert!(!found.iter().any(|hop| hop.ends_with("aws_sns_topic.news")), "only a name names: {found:?}");
}

#[test]
fn names_inside_encoded_container_definitions_count() {
    let code = r#"
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = aws_ecs_task_definition.app.arn
}

resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name        = "app"
    image       = "app:1"
    environment = [{ name = "TABLE", value = aws_dynamodb_table.orders.name }]
  }])
}

resource "aws_dynamodb_table" "orders" {
  name = "orders"
}
"#;
    let found = hops(&[("main.tf", code)]);
    assert!(found.contains(&"aws_ecs_service.app -> aws_dynamodb_table.orders".to_owned()), "{found:?}");
}

const SERVICES: &str = r#"
resource "aws_lambda_function" "caller" {
  function_name = "caller"
  environment {
    variables = {
      ORDERS = "http://${aws_lb.orders.dns_name}/v1"
      PRICES = "https://prices.internal.example.com"
      SELF   = "https://${aws_lambda_function_url.caller.function_url}"
      ARN    = "https://sqs.example.com/${aws_lb.orders.arn}"
    }
  }
}

resource "aws_lambda_function_url" "caller" {
  function_name      = aws_lambda_function.caller.function_name
  authorization_type = "NONE"
}

resource "aws_lb" "orders" {
  internal = true
}

resource "aws_lb_listener" "orders" {
  load_balancer_arn = aws_lb.orders.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders.arn
  }
}

resource "aws_lb_target_group" "orders" {
  port     = 80
  protocol = "HTTP"
}

resource "aws_lb_target_group_attachment" "orders" {
  target_group_arn = aws_lb_target_group.orders.arn
  target_id        = aws_instance.orders.id
}

resource "aws_instance" "orders" {
  user_data = "HOME=http://${aws_lb.orders.dns_name}"
}

resource "aws_route53_record" "prices" {
  zone_id = "Z1"
  name    = "prices.internal.example.com"
  type    = "CNAME"
  records = [aws_instance.prices.private_dns]
}

resource "aws_instance" "prices" {}
"#;

#[test]
fn a_url_in_the_environment_is_a_call() {
    let found = hops(&[("main.tf", SERVICES)]);
    assert!(found.contains(&"aws_lambda_function.caller -> aws_lb.orders".to_owned()), "{found:?}");
    assert!(found.contains(&"aws_lambda_function.caller -> aws_instance.prices".to_owned()), "{found:?}");
    let calls = found.iter().filter(|hop| hop.starts_with("aws_lambda_function.caller")).count();
    assert_eq!(calls, 2, "neither its own address nor a path is a host: {found:?}");
}

#[test]
fn an_address_of_ones_own_is_no_call() {
    let found = hops(&[("main.tf", SERVICES)]);
    assert!(!found.contains(&"aws_instance.orders -> aws_lb.orders".to_owned()), "{found:?}");
}

#[test]
fn the_region_in_a_host_name_is_no_host() {
    let code = r#"
        data "aws_region" "here" {}
        resource "aws_cloudfront_distribution" "site" {
          enabled = true
          origin {
            origin_id   = "links"
            domain_name = "r.${data.aws_region.here.name}.links.example.net"
            custom_origin_config {
              origin_protocol_policy = "https-only"
              origin_ssl_protocols   = ["TLSv1.2"]
              http_port              = 80
              https_port             = 443
            }
          }
          default_cache_behavior {
            target_origin_id       = "links"
            viewer_protocol_policy = "https-only"
          }
        }
        "#;
    let origin = "aws_cloudfront_distribution.site -> external:r.${data.aws_region.here.name}.links.example.net";
    assert!(hops(&[("main.tf", code)]).contains(&origin.to_owned()), "{:?}", hops(&[("main.tf", code)]));
}

#[test]
fn a_service_of_aws_that_is_looked_up_is_no_endpoint_service() {
    let code = |looked_up: &str| {
        format!(
            "data \"aws_vpc_endpoint_service\" \"it\" {{\n  {looked_up}\n}}\nresource \"aws_vpc_endpoint\" \"it\" {{\n  \
             vpc_id = \"vpc-1\"\n  vpc_endpoint_type = \"Interface\"\n  service_name = data.aws_vpc_endpoint_service.it.service_name\n}}\n"
        )
    };
    let hops = |looked_up: &str| hops(&[("main.tf", &code(looked_up))]).len();
    assert_eq!(hops("service = \"logs\""), 0);
    assert_eq!(hops("service = var.name"), 0);
    assert!(hops("service_name = var.name") > 0);
}
