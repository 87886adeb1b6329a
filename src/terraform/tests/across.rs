//! What one root reads of another, and what the account holds already.

use super::*;

const NETWORK: &str = r#"
    terraform {
      backend "s3" {
        bucket = "states"
        key    = "network"
      }
    }
    variable "tier" {}
    resource "aws_lb" "web" { name = "web" }
    resource "aws_ssm_parameter" "port" {
      name  = "/web/port"
      value = "8443"
    }
    output "lb" { value = aws_lb.web.arn }
    output "protocol" { value = "HTTPS" }
    output "tier" { value = var.tier }
    output "cidr" { value = var.tier == "a" ? "10.0.0.0/8" : "10.1.0.0/16" }
    "#;

const READER: &str = r#"
    data "terraform_remote_state" "network" {
      backend = "s3"
      config  = { bucket = "states", key = "network" }
    }
    data "terraform_remote_state" "other" {
      backend = "s3"
      config  = { bucket = "states", key = "elsewhere" }
    }
    data "aws_lb" "web" { name = "web" }
    data "aws_ssm_parameter" "port" { name = "/web/port" }
    locals { net = data.terraform_remote_state.network.outputs }
    resource "a_b" "x" {
      lb       = local.net.lb
      protocol = lower(local.net.protocol)
      tier     = local.net.tier
      cidr     = local.net.cidr
      host     = data.aws_lb.web.dns_name
      port     = data.aws_ssm_parameter.port.value + 1
      lost     = data.terraform_remote_state.other.outputs.vpc
    }
    "#;

#[test]
fn roots_read_what_others_give() {
    let run = run(&[("apps/main.tf", READER), ("network/main.tf", NETWORK)]);
    let body = run.get("a_b.x");
    assert_eq!(body["lb"], json!({"$ref": "network//aws_lb.web.arn"}));
    assert_eq!(body["host"], json!({"$ref": "network//aws_lb.web.dns_name"}));
    assert_eq!((&body["protocol"], &body["port"]), (&json!("https"), &json!(8444)));
    assert_eq!(body["tier"], json!({"$unknown": "var.tier in network has no value here"}));
    assert_eq!(body["cidr"]["$choice"][0]["when"], json!("var.tier == \"a\" in network"));
    let lost = body["lost"]["$unknown"].as_str().unwrap();
    assert!(lost.contains("bucket=states key=elsewhere"), "{lost}");
}

#[test]
fn what_two_roots_give_is_not_known() {
    let run = run(&[("apps/main.tf", READER), ("east/main.tf", NETWORK), ("west/main.tf", NETWORK)]);
    let body = run.get("a_b.x");
    assert!(body["lb"]["$unknown"].is_string(), "{body}");
    assert_eq!(body["host"], json!({"$ref": "data.aws_lb.web.dns_name"}));
    assert!(body["port"]["$unknown"].is_string(), "{body}");
}

#[test]
fn what_is_looked_up_by_its_identifier_is_found() {
    let zones = r#"
        terraform {
          backend "s3" {
            bucket = "states"
            key    = "zones"
          }
        }
        resource "aws_route53_zone" "z" { name = "example.org" }
        resource "aws_lb" "l" { count = 1 }
        data "aws_route53_zone" "own" { zone_id = aws_route53_zone.z.zone_id }
        data "aws_lb" "own" { arn = aws_lb.l[0].arn }
        data "aws_route53_zone" "loop" { zone_id = data.aws_route53_zone.loop.id }
        resource "a_b" "own" {
          name = data.aws_route53_zone.own.name
          host = data.aws_lb.own.dns_name
          loop = data.aws_route53_zone.loop.name
        }
        output "zone" { value = aws_route53_zone.z.zone_id }
        output "name" { value = aws_route53_zone.z.name }
        "#;
    let reader = r#"
        data "terraform_remote_state" "zones" {
          backend = "s3"
          config  = { bucket = "states", key = "zones" }
        }
        data "aws_route53_zone" "z" { zone_id = data.terraform_remote_state.zones.outputs.zone }
        data "aws_route53_zone" "named" { zone_id = data.terraform_remote_state.zones.outputs.name }
        resource "a_b" "x" {
          name  = "www.${data.aws_route53_zone.z.name}"
          arn   = data.aws_route53_zone.z.arn
          named = data.aws_route53_zone.named.name
        }
        "#;
    let run = run(&[("app/main.tf", reader), ("zones/main.tf", zones)]);
    let body = run.get("a_b.x");
    assert_eq!(body["name"], json!("www.example.org"));
    assert_eq!(body["arn"], json!({"$ref": "zones//aws_route53_zone.z.arn"}));
    assert_eq!(body["named"], json!({"$ref": "data.aws_route53_zone.named.name"}));
    let own = run.stacks[1].resources.iter().find(|resource| resource.address.as_str() == "a_b.own").unwrap();
    let own = render(&own.body);
    assert_eq!(own["name"], json!("example.org"));
    assert_eq!(own["host"], json!({"$ref": "aws_lb.l[0].dns_name"}));
    assert_eq!(own["loop"], json!({"$ref": "data.aws_route53_zone.loop.name"}));
}

#[test]
fn a_name_is_found_in_its_account_and_region_only() {
    let provider = |region: &str, account: &str| {
        format!("provider \"aws\" {{\n  region = {region}\n  allowed_account_ids = {account}\n}}\n")
    };
    let (east, west) = ("\"us-east-1\"", "\"us-west-2\"");
    let (one, other) = ("[\"111111111111\"]", "[\"222222222222\"]");
    let joined = |from: &str, to: &str| {
        let network = format!("{to}{NETWORK}resource \"aws_s3_bucket\" \"b\" {{ bucket = \"everywhere\" }}\n");
        let bucket = "data \"aws_s3_bucket\" \"b\" { bucket = \"everywhere\" }
            resource \"a_b\" \"bucket\" { arn = data.aws_s3_bucket.b.arn }\n";
        let run = run(&[("apps/main.tf", &format!("{from}{READER}{bucket}")), ("network/main.tf", &network)]);
        assert_eq!(run.get("a_b.bucket")["arn"], json!({"$ref": "network//aws_s3_bucket.b.arn"}));
        let body = run.get("a_b.x");
        assert_eq!(body["lb"], json!({"$ref": "network//aws_lb.web.arn"}), "a state is read wherever it is");
        let found = [body["host"] == json!({"$ref": "network//aws_lb.web.dns_name"}), body["port"] == json!(8444)];
        assert_eq!(found[0], found[1]);
        found[0]
    };
    assert!(joined(&provider(east, one), &provider(east, one)));
    assert!(joined(&provider(east, "var.accounts"), &provider(east, one)), "what is not known may be the same");
    assert!(joined("", &provider(east, one)));
    assert!(!joined(&provider("var.region", one), &provider(east, one)), "it may be another region");
    assert!(!joined(&provider(east, one), &provider("var.region", one)), "it may be another region");
    assert!(!joined(&provider(west, one), &provider(east, one)));
    assert!(!joined(&provider(east, other), &provider(east, one)));
    assert!(!joined(&provider(west, "null"), &provider(east, one)));
}

#[test]
fn a_name_in_another_region_does_not_make_it_unclear() {
    let provider = |region: &str| format!("provider \"aws\" {{ region = \"{region}\" }}\n");
    let lb = "resource \"aws_lb\" \"web\" { name = \"web\" }\n";
    let (east, west) = (format!("{}{lb}", provider("us-east-1")), format!("{}{lb}", provider("us-west-2")));
    let reader = "data \"aws_lb\" \"web\" { name = \"web\" }
        resource \"a_b\" \"x\" { host = data.aws_lb.web.dns_name }\n";
    let reader = format!("{}{reader}", provider("us-west-2"));
    let run = run(&[("apps/main.tf", &reader), ("east/main.tf", &east), ("west/main.tf", &west)]);
    assert_eq!(run.get("a_b.x")["host"], json!({"$ref": "west//aws_lb.web.dns_name"}));
}

#[test]
fn what_an_existing_resource_gives_is_not_null() {
    let module = r#"
        variable "certificate" { default = null }
        resource "aws_lb_listener" "a" {
          protocol = var.certificate != null ? "HTTPS" : "HTTP"
          port     = var.certificate == null || var.certificate == "" ? 80 : 443
        }
        resource "aws_lb_listener" "b" { count = var.certificate == null ? 1 : 0 }
        "#;
    let root = r#"
        variable "some" { type = number }
        resource "aws_acm_certificate" "one" {}
        resource "aws_acm_certificate" "many" { count = var.some }
        module "sure" {
          source      = "./m"
          certificate = aws_acm_certificate.one.arn
        }
        module "open" {
          source      = "./m"
          certificate = one(aws_acm_certificate.many[*].arn)
        }
        "#;
    let run = run(&[("main.tf", root), ("m/main.tf", module)]);
    let alternatives = |address: &str, name: &str| {
        let resource = run.stacks[0].resources.iter().find(|resource| resource.address.as_str() == address).unwrap();
        let value = resource.get(name).unwrap();
        let shown = value.alternatives().into_iter().map(|(when, value)| (when.is_none(), render(value).to_string()));
        shown.collect::<Vec<_>>()
    };
    assert_eq!(alternatives("module.sure.aws_lb_listener.a", "protocol"), [(true, "\"HTTPS\"".to_owned())]);
    assert_eq!(alternatives("module.sure.aws_lb_listener.a", "port"), [(true, "443".to_owned())]);
    assert_eq!(alternatives("module.open.aws_lb_listener.a", "protocol").len(), 2, "the certificate may not be there");
    let exists =
        run.stacks[0].resources.iter().any(|resource| resource.address.as_str() == "module.sure.aws_lb_listener.b[0]");
    assert!(!exists, "its condition never holds");
}

const BY_TAG: &str = r#"
    data "aws_vpc" "main" {
      filter {
        name   = "tag:Name"
        values = ["main"]
      }
      state = "available"
    }
    data "aws_security_group" "web" {
      tags   = { Name = "web", tier = "edge" }
      vpc_id = data.aws_vpc.main.id
    }
    data "aws_security_group" "db" {
      filter {
        name   = "group-name"
        values = ["db"]
      }
    }
    data "aws_vpc" "any" { tags = { env = "prod" } }
    data "aws_vpc" "all" {
      filter {
        name   = "tag:Name"
        values = ["ma*"]
      }
    }
    resource "a_b" "x" {
      vpc  = data.aws_vpc.main.id
      web  = data.aws_security_group.web.id
      db   = data.aws_security_group.db.id
      any  = data.aws_vpc.any.id
      all  = data.aws_vpc.all.id
      tags = data.aws_security_group.web.tags
    }
    "#;

const TAGGED: &str = r#"
    variable "unknown" {}
    resource "aws_vpc" "main" { tags = { Name = "main", env = "prod" } }
    resource "aws_vpc" "other" { tags = { Name = "other" } }
    resource "aws_security_group" "web" { tags = { Name = "web", tier = "edge" } }
    resource "aws_security_group" "inner" { tags = { Name = "web", tier = "inner" } }
    resource "aws_security_group" "db" { name = "db" }
    "#;

#[test]
fn a_resource_of_another_root_is_found_by_its_name_tag() {
    let found = run(&[("apps/main.tf", BY_TAG), ("network/main.tf", TAGGED)]).get("a_b.x");
    assert_eq!(found["vpc"], json!({"$ref": "network//aws_vpc.main.id"}));
    assert_eq!(found["web"], json!({"$ref": "network//aws_security_group.web.id"}));
    assert_eq!(found["db"], json!({"$ref": "network//aws_security_group.db.id"}));
    assert_eq!(found["any"], json!({"$ref": "data.aws_vpc.any.id"}), "other tags are shared by many");
    assert_eq!(found["all"], json!({"$ref": "data.aws_vpc.all.id"}), "a pattern may find others");
    assert_eq!(found["tags"], json!({"Name": "web", "tier": "edge"}));
}

#[test]
fn a_tag_that_two_resources_may_have_finds_none() {
    let more = format!("{TAGGED}resource \"aws_vpc\" \"third\" {{\n  tags = {{ Name = var.unknown }}\n}}\n");
    let found = run(&[("apps/main.tf", BY_TAG), ("network/main.tf", &more)]).get("a_b.x");
    assert_eq!(found["vpc"], json!({"$ref": "data.aws_vpc.main.id"}));
}

#[test]
fn local_states_are_found_by_path_through_several_roots() {
    let state = |path: &str| {
        format!(
            "data \"terraform_remote_state\" \"s\" {{\n  backend = \"local\"\n  config = {{ path = \"{path}\" }}\n}}\n\
             output \"v\" {{\n  value = data.terraform_remote_state.s.outputs.v\n}}\n"
        )
    };
    let first = format!(
        "{}resource \"a_b\" \"x\" {{\n  v = data.terraform_remote_state.s.outputs.v\n}}\n",
        state("../b/terraform.tfstate")
    );
    let cycle = state("../d/terraform.tfstate");
    let run = run(&[
        ("a/main.tf", &first),
        ("b/main.tf", &state("${path.module}/../c/terraform.tfstate")),
        ("c/main.tf", "output \"v\" {\n  value = 7\n}\n"),
        ("d/main.tf", &cycle),
    ]);
    assert_eq!(run.get("a_b.x"), json!({"v": 7}));
}

#[test]
fn an_identifier_that_was_looked_up_is_no_null() {
    let run = run(&[
        (
            "m/main.tf",
            "data \"aws_acm_certificate\" \"c\" {}\noutput \"arn\" {\n  value = data.aws_acm_certificate.c.arn\n}\n",
        ),
        (
            "main.tf",
            r#"
        data "aws_route53_zone" "z" { name = "example.org" }
        data "aws_lb" "found" { for_each = toset(["x.y"]) }
        resource "aws_acm_certificate" "made" {}
        module "lost" { source = "org/lost/aws" }
        variable "many" {}
        data "aws_acm_certificate" "some" { count = var.many }
        module "some" {
          source = "./m"
          count  = var.many
        }
        resource "a_b" "x" {
          known = [data.aws_route53_zone.z.zone_id == null, data.aws_lb.found["x.y"].arn != ""]
          open = [
            module.lost.id == null ? 1 : 0,
            data.aws_lb.found["x.y"].name == null ? 1 : 0,
            try(data.aws_acm_certificate.some[0].arn, null) != null ? 1 : 0,
            aws_acm_certificate.made.arn != null ? 1 : 0,
            try(module.some[0].arn, null) != null ? 1 : 0,
          ]
        }
        "#,
        ),
    ]);
    let body = run.get("a_b.x");
    assert_eq!(body["known"], json!([false, true]));
    assert_eq!(
        body["open"].as_array().unwrap().iter().filter(|value| value.get("$choice").is_some()).count(),
        5,
        "{body}"
    );
}

#[test]
fn a_parameter_whose_value_others_write_is_not_known() {
    let parameter = |name: &str, ignored: &str| {
        format!(
            "resource \"aws_ssm_parameter\" \"{name}\" {{\n  name  = \"/{name}\"\n  value = \"begun\"\n  lifecycle {{\n    \
             ignore_changes = {ignored}\n  }}\n}}\ndata \"aws_ssm_parameter\" \"{name}\" {{\n  name = \"/{name}\"\n}}\n"
        )
    };
    let code = [
        parameter("kept", "[tags]"),
        parameter("value", "[tags, value]"),
        parameter("all", "all"),
        "resource \"a_b\" \"x\" {\n  kept  = data.aws_ssm_parameter.kept.value\n  value = data.aws_ssm_parameter.value.value\n  \
         all   = data.aws_ssm_parameter.all.value\n}\n"
            .to_owned(),
    ]
    .concat();
    let run = run(&[("main.tf", &code)]);
    let open = |name: &str| json!({"$ref": format!("data.aws_ssm_parameter.{name}.value")});
    assert_eq!(run.get("a_b.x"), json!({"kept": "begun", "value": open("value"), "all": open("all")}));
}

#[test]
fn a_parameter_that_another_may_overwrite_is_not_known() {
    let read = |overwrite: &str| {
        let other = format!(
            "variable \"name\" {{}}\nresource \"aws_ssm_parameter\" \"other\" {{\n  name = var.name\n  value = \"1\"\n  {overwrite}\n}}\n"
        );
        let run = run(&[("apps/main.tf", READER), ("network/main.tf", &format!("{NETWORK}{other}"))]);
        run.get("a_b.x")["port"].clone()
    };
    assert_eq!(read(""), json!(8444), "a parameter that is there already is not made");
    assert_eq!(read("overwrite = false"), json!(8444));
    assert_ne!(read("overwrite = true"), json!(8444));
}
