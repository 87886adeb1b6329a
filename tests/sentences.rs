//! What is said of a claim says what of it fails, and what may be said instead is true.
#![cfg(test)]

use serde_json::Value as Json;
use std::process::Command;

fn report(code: &str, claims: &str) -> Json {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), code).unwrap();
    std::fs::write(directory.path().join("e2e-lint.yaml"), format!("version: 1\nclaims:\n{claims}")).unwrap();
    let arguments = ["--format", "json", "."];
    let command = Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(arguments).current_dir(directory.path()).output();
    serde_json::from_slice(&command.unwrap().stdout).unwrap()
}

fn sentence(report: &Json) -> String {
    let claim = report["claims"].as_array().unwrap().iter().find(|claim| claim["declared"] == true).unwrap();
    claim["sentence"].as_str().unwrap().to_owned()
}

const STORE: &str = r#"
variable "own" { type = bool }
resource "aws_kms_key" "own" {}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  environment { variables = { TABLE = aws_dynamodb_table.orders.name } }
}
resource "aws_dynamodb_table" "orders" {
  name = "orders"
  SSE
}
"#;

#[test]
fn a_claim_that_fails_by_its_store_alone_says_so() {
    let claim = "  - {name: c, promise: encrypted-in-transit, from: aws_lambda_function.orders, to: aws_dynamodb_table.orders, at-rest: customer-managed}\n";
    let broken = sentence(&report(&STORE.replace("SSE", ""), claim));
    assert_eq!(broken, "Not stored as claimed: the table is encrypted with a key that the provider owns.");
    let key = "server_side_encryption {\n enabled = true\n kms_key_arn = var.own ? aws_kms_key.own.arn : null\n }";
    let open = sentence(&report(&STORE.replace("SSE", key), claim));
    let expected = "It cannot be shown that what the ends keep is stored as claimed: the table may be encrypted with a key \
                    that the provider manages when !var.own.";
    assert_eq!(open, expected);
}

/// A server that the internet reaches both through a balancer and by an address of its own.
const TWO_WAYS: &str = r#"
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_lb" "web" {
  subnets         = [aws_subnet.public.id]
  security_groups = [aws_security_group.web.id]
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_lb_target_group" "web" {
  port     = 443
  protocol = "HTTPS"
}
resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web.id
}
resource "aws_instance" "web" {
  subnet_id                   = aws_subnet.public.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.web.id]
}
"#;

#[test]
fn what_is_true_of_the_direct_way_is_not_said_of_all_traffic() {
    let assume = "assume:\n  - {node: aws_instance.web, port: 443, serves: tls, because: nginx}\n";
    let claim = "  - {name: c, promise: end-to-end, from: internet, to: aws_instance.web}\n";
    let report = report(TWO_WAYS, &format!("{claim}{assume}"));
    let said: Vec<&str> =
        report["paths"].as_array().unwrap().iter().map(|path| path["sentence"].as_str().unwrap()).collect();
    let direct = said.iter().find(|sentence| sentence.contains("directly")).unwrap();
    assert!(direct.ends_with("On this way only the two ends can read it."), "{said:?}");
    assert!(said.iter().any(|sentence| sentence.contains("The load balancer can read it")), "{said:?}");
    assert!(!said.iter().any(|sentence| sentence.ends_with(". Only the two ends can read it.")), "{said:?}");
}

#[test]
fn what_may_be_there_is_not_said_to_be() {
    let code = r#"
        variable "log" { type = bool }
        variable "open" { type = bool }
        resource "aws_s3_bucket" "site" {}
        resource "aws_cloudfront_distribution" "site" {
          enabled = true
          origin {
            origin_id   = "site"
            domain_name = aws_s3_bucket.site.bucket_regional_domain_name
            s3_origin_config { origin_access_identity = "" }
          }
          default_cache_behavior {
            target_origin_id       = "site"
            viewer_protocol_policy = "https-only"
          }
          dynamic "logging_config" {
            for_each = var.log ? [1] : []
            content { bucket = "logs.s3.amazonaws.com" }
          }
        }
        resource "aws_lb_listener" "open" {
          count             = var.open ? 1 : 0
          load_balancer_arn = data.aws_lb.elsewhere.arn
          port              = 80
          protocol          = "HTTP"
          default_action {
            type             = "forward"
            target_group_arn = aws_lb_target_group.app.arn
          }
        }
        data "aws_lb" "elsewhere" { name = "elsewhere" }
        resource "aws_lb_target_group" "app" {
          port     = 80
          protocol = "HTTP"
        }
        resource "aws_lb_target_group_attachment" "app" {
          target_group_arn = aws_lb_target_group.app.arn
          target_id        = aws_instance.app.id
        }
        resource "aws_instance" "app" {}
        "#;
    let report = report(code, "  - {name: c, promise: end-to-end, from: internet, to: aws_s3_bucket.site}\n");
    let said = report["paths"].to_string();
    assert!(said.contains("Amazon CloudFront can read it, and the CloudFront log may."), "{said}");
    assert!(said.contains("Perhaps not encrypted from the viewer to the load balancer"), "{said}");
    let finding = report["findings"].as_array().unwrap().iter().find(|row| row["rule"] == "plaintext-viewer").unwrap();
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains(" when var.open (not certain: "), "{message}");
}

#[test]
fn of_several_hops_between_two_nodes_the_worst_is_told() {
    let code = r#"
        resource "aws_lb" "shop" {}
        resource "aws_lb_listener" "shop" {
          load_balancer_arn = aws_lb.shop.arn
          port              = 80
          protocol          = "HTTP"
          default_action {
            type             = "forward"
            target_group_arn = aws_lb_target_group.shop.arn
          }
        }
        resource "aws_lb_target_group" "shop" {
          port     = 80
          protocol = "HTTP"
        }
        resource "aws_lb_target_group_attachment" "shop" {
          target_group_arn = aws_lb_target_group.shop.arn
          target_id        = aws_instance.shop.id
        }
        resource "aws_instance" "shop" {
          user_data = <<-EOT
            URL=postgres://${aws_db_instance.orders.address}/orders?sslmode=require
            HOST=${aws_db_instance.orders.address}
          EOT
        }
        resource "aws_db_instance" "orders" {
          engine         = "postgres"
          engine_version = "13.4"
        }
        "#;
    let claim = "  - {name: c, promise: encrypted-in-transit, from: internet, to: aws_db_instance.orders}\n";
    let said = report(code, claim)["paths"].to_string();
    assert!(!said.contains("; encrypted from the server to the database"), "the host alone does not say how: {said}");
    assert!(said.contains("it is not known whether it is encrypted from the server to the database"), "{said}");
}
