//! Data sources and resources whose attributes follow from the code.

use super::*;

#[test]
fn a_policy_document_is_rendered() {
    let run = run(&[(
        "main.tf",
        r#"
        data "aws_iam_policy_document" "base" {
          statement {
            sid       = "Read"
            actions   = ["s3:GetObject", "s3:ListBucket"]
            resources = [aws_s3_bucket.b.arn]
          }
        }
        data "aws_iam_policy_document" "known" {
          statement {
            sid       = "Deny"
            effect    = "Deny"
            actions   = ["s3:*"]
            resources = ["*"]
            principals {
              type        = "*"
              identifiers = ["*"]
            }
            condition {
              test     = "Bool"
              variable = "aws:SecureTransport"
              values   = ["false"]
            }
          }
        }
        resource "aws_s3_bucket" "b" { bucket = "x" }
        resource "a_b" "policies" {
          base  = data.aws_iam_policy_document.base.json
          known = jsondecode(data.aws_iam_policy_document.known.json).Statement[0].Condition
        }
        "#,
    )]);
    let body = run.get("a_b.policies");
    assert_eq!(body["known"], json!({"Bool": {"aws:SecureTransport": "false"}}));
    assert_eq!(body["base"]["$template"][1], json!({"$ref": "aws_s3_bucket.b.arn"}), "{body}");
}

#[test]
fn a_policy_document_is_the_providers() {
    let run = run(&[(
        "main.tf",
        r#"
        locals {
          one      = jsonencode({ Version = "2008-10-17", Id = "one", Statement = [{ Sid = "s", Resource = "*", Effect = "Allow", Foo = 1, Condition = { Bool = { j = true, l = ["q"] } }, Principal = { AWS = ["1", "2"] } }] })
          two      = jsonencode({ Version = "2008-10-17", Id = "two", Statement = [{ Sid = "s2", Effect = "Deny" }] })
          three    = jsonencode({ Statement = [{ sid = "s2", Effect = "Allow" }] })
        }
        data "aws_iam_policy_document" "sources" {
          source_policy_documents   = [local.one, local.two]
          override_policy_documents = [local.three]
        }
        data "aws_iam_policy_document" "old" {
          source_json   = local.two
          override_json = local.three
        }
        data "aws_iam_policy_document" "own" {
          statement {
            actions   = ["s3:&{x}"]
            resources = ["arn:aws:s3:::b/&{aws:username}/*", "${aws_s3_bucket.b.arn}/&{aws:username}"]
            condition {
              test     = "Bool"
              variable = "aws:SecureTransport"
              values   = [false]
            }
          }
        }
        resource "aws_s3_bucket" "b" { bucket = "x" }
        resource "a_b" "x" {
          sources = data.aws_iam_policy_document.sources.minified_json
          old     = data.aws_iam_policy_document.old.minified_json
          own     = data.aws_iam_policy_document.own.minified_json
        }
        "#,
    )]);
    let body = run.get("a_b.x");
    let one = r#"{"Sid":"s","Effect":"Allow","Resource":"*","Principal":{"AWS":["2","1"]},"Condition":{"Bool":{"j":"true","l":"q"}}}"#;
    let two = r#"{"Sid":"s2","Effect":"Allow"}"#;
    let document = |statements: &str| format!(r#"{{"Version":"2012-10-17","Id":"two","Statement":[{statements}]}}"#);
    assert_eq!(body["sources"], json!(document(&format!("{one},{two}"))));
    assert_eq!(body["old"], json!(document(two)));
    let own = body["own"]["$template"].as_array().unwrap();
    let [before, _, after] = own.as_slice() else { panic!("{own:?}") };
    let (before, after) = (before.as_str().unwrap(), after.as_str().unwrap());
    assert!(before.contains(r#""Action":"s3:\u0026{x}""#) && before.contains("b/${aws:username}/*"), "{before}");
    assert!(after.starts_with("/${aws:username}") && after.contains(r#""aws:SecureTransport":"false""#), "{after}");
}

#[test]
fn certificate_validation_records_have_the_certificates_names() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "aws_acm_certificate" "c" {
          domain_name               = "example.com"
          subject_alternative_names = ["www.example.com"]
        }
        resource "aws_route53_record" "v" {
          for_each = { for o in aws_acm_certificate.c.domain_validation_options : o.domain_name => o.resource_record_name }
          name     = each.value
        }
        "#,
    )]);
    assert_eq!(
        run.addresses(),
        ["aws_acm_certificate.c", "aws_route53_record.v[\"example.com\"]", "aws_route53_record.v[\"www.example.com\"]"]
    );
}

#[test]
fn a_certificate_name_that_is_written_twice_has_one_validation_record() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "aws_acm_certificate" "c" {
          domain_name               = "example.com"
          subject_alternative_names = ["*.example.com", "example.com"]
        }
        resource "aws_route53_record" "v" {
          for_each = { for o in aws_acm_certificate.c.domain_validation_options : o.domain_name => o.resource_record_name }
          name     = each.value
        }
        "#,
    )]);
    assert_eq!(run.problems(), Vec::<String>::new());
    assert_eq!(
        run.addresses(),
        ["aws_acm_certificate.c", "aws_route53_record.v[\"*.example.com\"]", "aws_route53_record.v[\"example.com\"]"]
    );
}

#[test]
fn a_region_is_what_the_provider_configuration_says() {
    let run = run(&[
        (
            "main.tf",
            r#"
            variable "west" { default = "us-gov-west-1" }
            provider "aws" { region = "eu-west-1" }
            provider "aws" {
              alias  = "west"
              region = var.west
            }
            provider "aws" {
              alias = "environment"
            }
            data "aws_region" "here" {}
            data "aws_region" "west" { provider = aws.west }
            data "aws_region" "environment" { provider = aws.environment }
            data "aws_region" "named" { region = "cn-north-1" }
            data "aws_partition" "here" {}
            data "aws_partition" "west" { provider = aws.west }
            resource "a_b" "x" {
              names      = [data.aws_region.here.name, data.aws_region.west.id, data.aws_region.named.region]
              open       = data.aws_region.environment.name
              partitions = [data.aws_partition.here.partition, data.aws_partition.west.id, data.aws_partition.here.dns_suffix]
              arn        = "arn:${data.aws_partition.west.partition}:iam::aws:policy/P"
            }
            resource "aws_vpc" "default" { region = null }
            resource "aws_vpc" "own" { region = "sa-east-1" }
            resource "aws_vpc" "west" { provider = aws.west }
            resource "a_b" "y" { regions = [aws_vpc.default.region, aws_vpc.own.region, aws_vpc.west.region] }
            module "inherits" { source = "./m" }
            module "given" {
              source    = "./m"
              providers = { aws = aws.west, aws.other = aws }
            }
            "#,
        ),
        ("main_override.tf", "provider \"aws\" {\n  region = \"eu-west-3\"\n}\n"),
        (
            "m/main.tf",
            r#"
            provider "aws" {}
            provider "aws" {
              alias = "other"
            }
            data "aws_region" "here" {}
            data "aws_region" "other" { provider = aws.other }
            resource "a_b" "x" { v = [data.aws_region.here.name, data.aws_region.other.name] }
            "#,
        ),
    ]);
    let open = json!({"$ref": "data.aws_region.environment.name"});
    assert_eq!(
        run.get("a_b.x"),
        json!({
            "names": ["eu-west-3", "us-gov-west-1", "cn-north-1"],
            "open": open,
            "partitions": ["aws", "aws-us-gov", "amazonaws.com"],
            "arn": "arn:aws-us-gov:iam::aws:policy/P",
        })
    );
    assert_eq!(run.get("aws_vpc.default"), json!({"region": "eu-west-3"}));
    assert_eq!(run.get("a_b.y"), json!({"regions": ["eu-west-3", "sa-east-1", "us-gov-west-1"]}));
    let lost = json!({"$ref": "module.inherits.data.aws_region.other.name"});
    assert_eq!(run.get("module.inherits.a_b.x"), json!({"v": ["eu-west-3", lost]}));
    assert_eq!(run.get("module.given.a_b.x"), json!({"v": ["us-gov-west-1", "eu-west-3"]}));
}

#[test]
fn a_template_file_is_rendered_where_its_template_is_in_the_code() {
    let run = run(&[
        (
            "main.tf",
            r#"
            resource "aws_db_instance" "db" {}
            data "template_file" "task" {
              template = file("task.tpl")
              vars     = { port = 8080, host = aws_db_instance.db.address }
            }
            data "template_file" "plain" { template = "nothing to fill in" }
            data "template_file" "deployed" { template = aws_db_instance.db.address }
            resource "a_b" "x" {
              task  = data.template_file.task.rendered
              plain = data.template_file.plain.rendered
              open  = data.template_file.deployed.rendered
            }
            "#,
        ),
        ("task.tpl", "%{ if port != \"80\" }port ${port}, %{ endif }host ${host}"),
    ]);
    assert_eq!(run.problems(), Vec::<String>::new());
    assert_eq!(
        run.get("a_b.x"),
        json!({
            "task": {"$template": ["port 8080, host ", {"$ref": "aws_db_instance.db.address"}]},
            "plain": "nothing to fill in",
            "open": {"$ref": "data.template_file.deployed.rendered"},
        })
    );
}

#[test]
fn a_certificate_has_one_validation_option_a_name() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "aws_acm_certificate" "c" {
          domain_name               = "example.org"
          subject_alternative_names = ["example.org", "www.example.org", "www.example.org"]
        }
        resource "aws_route53_record" "r" {
          for_each = { for o in aws_acm_certificate.c.domain_validation_options : o.domain_name => o }
          name     = each.value.resource_record_name
        }
        "#,
    )]);
    assert_eq!(run.problems(), Vec::<String>::new());
    let addresses: Vec<_> = run.stacks[0].resources.iter().map(|resource| resource.address.to_string()).collect();
    assert_eq!(
        addresses,
        ["aws_acm_certificate.c", "aws_route53_record.r[\"example.org\"]", "aws_route53_record.r[\"www.example.org\"]"]
    );
}
