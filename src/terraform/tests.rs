use super::{Options, stacks};
use crate::resource::{Existence, Stack};
use crate::source::{Files, ReadError, Sources, normalize};
use crate::value::render;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Files in memory.
#[derive(Default)]
struct Memory(BTreeMap<String, String>);

impl Files for Memory {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = normalize(path);
        if path.starts_with("..") || path.starts_with('/') {
            return Err(ReadError::OutsideRoots);
        }
        self.0.get(&path).map(|text| text.clone().into_bytes()).ok_or(ReadError::NotFound)
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        Ok(self.walk(directory)?.into_iter().filter(|path| !path.contains('/')).collect())
    }

    fn walk(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        let directory = normalize(directory);
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        Ok(self.0.keys().filter_map(|path| path.strip_prefix(&prefix)).map(str::to_owned).collect())
    }
}

struct Run {
    stacks: Vec<Stack>,
    sources: Sources,
}

fn run_with(files: &[(&str, &str)], options: &Options) -> Run {
    let memory = Memory(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect());
    let paths: Vec<String> = memory.0.keys().cloned().collect();
    let sources = Sources::new();
    let stacks = stacks(&paths, &memory, &sources, std::slice::from_ref(options)).concat();
    Run { stacks, sources }
}

fn run(files: &[(&str, &str)]) -> Run {
    run_with(files, &Options::default())
}

impl Run {
    fn get(&self, address: &str) -> Json {
        let resource = self.stacks[0].resources.iter().find(|resource| resource.address.as_str() == address);
        render(&resource.unwrap_or_else(|| panic!("no {address} in {:?}", self.addresses())).body)
    }

    fn addresses(&self) -> Vec<String> {
        let resources = &self.stacks[0].resources;
        resources
            .iter()
            .map(|resource| match &resource.exists {
                Existence::Certain => resource.address.to_string(),
                Existence::Conditional(when) => format!("{} when {}", resource.address, when.text()),
            })
            .collect()
    }

    fn problems(&self) -> Vec<String> {
        self.stacks[0]
            .problems
            .iter()
            .map(|problem| match problem.span {
                Some(span) => format!("{}: {}", self.sources.place(span), problem.message),
                None => problem.message.clone(),
            })
            .collect()
    }
}

#[test]
fn values_flow_through_variables_locals_and_modules() {
    let run = run(&[
        (
            "main.tf",
            r#"
            variable "env" { default = "dev" }
            locals { protocol = upper("https") }
            module "alb" {
              source   = "./modules/alb"
              protocol = local.protocol
              name     = "web-${var.env}"
            }
            resource "aws_route53_record" "www" {
              name    = "www"
              records = [module.alb.dns_name]
              ttl     = module.alb.port
            }
            "#,
        ),
        ("terraform.tfvars", "env = \"prod\"\n"),
        (
            "modules/alb/main.tf",
            r#"
            variable "protocol" {}
            variable "name" { type = string }
            resource "aws_lb" "this" { name = var.name }
            resource "aws_lb_listener" "https" {
              load_balancer_arn = aws_lb.this.arn
              protocol          = var.protocol
              port              = "443"
            }
            output "dns_name" { value = aws_lb.this.dns_name }
            output "port" { value = aws_lb_listener.https.port }
            "#,
        ),
    ]);
    assert_eq!(run.problems(), Vec::<String>::new());
    assert_eq!(run.stacks.len(), 1);
    assert_eq!(
        run.addresses(),
        ["aws_route53_record.www", "module.alb.aws_lb.this", "module.alb.aws_lb_listener.https"]
    );
    assert_eq!(run.get("module.alb.aws_lb.this"), json!({"name": "web-prod"}));
    assert_eq!(
        run.get("module.alb.aws_lb_listener.https"),
        json!({"load_balancer_arn": {"$ref": "module.alb.aws_lb.this.arn"}, "protocol": "HTTPS", "port": "443"})
    );
    assert_eq!(
        run.get("aws_route53_record.www"),
        json!({"name": "www", "records": [{"$ref": "module.alb.aws_lb.this.dns_name"}], "ttl": "443"})
    );
}

#[test]
fn the_trail_shows_where_a_value_came_through() {
    let run = run(&[
        ("main.tf", "variable \"p\" {}\nmodule \"m\" {\n  source = \"./m\"\n  p = var.p\n}\n"),
        ("prod.auto.tfvars", "p = \"HTTP\"\n"),
        ("m/main.tf", "variable \"p\" {}\nresource \"aws_lb_listener\" \"l\" {\n  protocol = var.p\n}\n"),
    ]);
    let value = run.stacks[0].resources[0].get("protocol").unwrap();
    assert_eq!(run.sources.place(value.span()), "prod.auto.tfvars:1");
    let steps: Vec<String> = value.origin.steps().map(|span| run.sources.place(span)).collect();
    assert_eq!(steps, ["m/main.tf:3", "main.tf:4", "main.tf:4"]);
}

#[test]
fn instances_are_counted_and_keyed() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "aws_subnet" "a" {
          count = 2
          cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
        }
        resource "aws_sg" "b" {
          for_each = { web = 80, "db x" = 5432 }
          port = each.value
          name = each.key
        }
        resource "aws_none" "c" { count = 0 }
        resource "aws_lb" "d" {
          subnets = aws_subnet.a[*].id
          legacy = aws_subnet.a.*.cidr_block
          one = one(aws_none.c[*].id)
          tried = try(aws_none.c[0].id, "none")
          sg = aws_sg.b["web"].id
          all = [for k, v in aws_sg.b : v.id]
          old = element(concat(aws_subnet.a.*.id, [""]), 0)
        }
        "#,
    )]);
    assert_eq!(run.problems(), Vec::<String>::new());
    assert_eq!(
        run.addresses(),
        ["aws_lb.d", "aws_sg.b[\"db x\"]", "aws_sg.b[\"web\"]", "aws_subnet.a[0]", "aws_subnet.a[1]"]
    );
    assert_eq!(run.get("aws_subnet.a[1]"), json!({"cidr_block": "10.0.1.0/24"}));
    assert_eq!(
        run.get("aws_lb.d"),
        json!({
            "subnets": [{"$ref": "aws_subnet.a[0].id"}, {"$ref": "aws_subnet.a[1].id"}],
            "legacy": ["10.0.0.0/24", "10.0.1.0/24"],
            "one": null,
            "tried": "none",
            "sg": {"$ref": "aws_sg.b[\"web\"].id"},
            "all": [{"$ref": "aws_sg.b[\"db x\"].id"}, {"$ref": "aws_sg.b[\"web\"].id"}],
            "old": {"$ref": "aws_subnet.a[0].id"},
        })
    );
}

#[test]
fn unknown_conditions_make_choices_and_conditional_resources() {
    let run = run(&[(
        "main.tf",
        r#"
        variable "create" {}
        variable "env" {}
        variable "sets" {}
        resource "aws_lb" "a" {
          count = var.create ? 1 : 0
          idle_timeout = var.env == "prod" ? 60 : 30
        }
        resource "aws_x" "b" { for_each = var.sets }
        resource "aws_y" "c" {
          lb = one(aws_lb.a[*].arn)
          name = try(aws_lb.a[0].name, "none")
          dns = aws_lb.a[0].dns_name
          url = "http://${aws_lb.a[0].dns_name}:8080"
          x = aws_x.b["k"].id
          xs = values(aws_x.b)[*].id
          both = var.env == "prod" ? (var.env == "dev" ? 1 : 2) : 3
        }
        "#,
    )]);
    assert_eq!(run.problems(), Vec::<String>::new());
    assert_eq!(run.addresses(), ["aws_lb.a[0] when var.create", "aws_x.b when var.sets", "aws_y.c"]);
    assert_eq!(
        run.get("aws_y.c"),
        json!({
            "lb": {"$choice": [{"when": "var.create", "value": {"$ref": "aws_lb.a[0].arn"}}, {"when": "!var.create", "value": null}]},
            "name": {"$choice": [{"when": "var.create", "value": {"$ref": "aws_lb.a[0].name"}}, {"when": "!var.create", "value": "none"}]},
            "dns": {"$ref": "aws_lb.a[0].dns_name"},
            "url": {"$template": ["http://", {"$ref": "aws_lb.a[0].dns_name"}, ":8080"]},
            "x": {"$ref": "aws_x.b.id"},
            "xs": {"$ref": "aws_x.b[*].id"},
            "both": {"$choice": [{"when": "var.env == \"prod\"", "value": 2}, {"when": "!(var.env == \"prod\")", "value": 3}]},
        })
    );
}

#[test]
fn dynamic_blocks_expand() {
    let run = run(&[(
        "main.tf",
        r#"
        variable "extra" {}
        resource "aws_sg" "a" {
          ingress { port = 22 }
          dynamic "ingress" {
            for_each = [80, 443]
            content {
              port = ingress.value
              dynamic "rule" {
                for_each = { x = ingress.key }
                iterator = it
                content { n = "${it.key}${it.value}" }
              }
            }
          }
          dynamic "egress" {
            for_each = var.extra
            content { port = egress.value }
          }
        }
        "#,
    )]);
    let body = run.get("aws_sg.a");
    assert_eq!(
        body["ingress"],
        json!([{"port": 22}, {"port": 80, "rule": [{"n": "x0"}]}, {"port": 443, "rule": [{"n": "x1"}]}])
    );
    assert!(body["egress"][0]["$unknown"].as_str().unwrap().contains("var.extra"), "{body}");
}

#[test]
fn a_broken_block_loses_only_itself() {
    let run = run(&[(
        "main.tf",
        "resource \"a_b\" \"x\" {\n  v = 1\n}\nresource \"a_b\" \"y\" {\n  v = = 2\n}\nresource \"a_b\" \"z\" {\n  v = { k = 1, k = 2 }\n}\n",
    )]);
    assert_eq!(run.addresses(), ["a_b.x", "a_b.z"]);
    assert_eq!(run.get("a_b.z"), json!({"v": {"k": 2}}));
    assert_eq!(run.problems().len(), 1);
    assert!(run.problems()[0].starts_with("main.tf:5: syntax error"), "{:?}", run.problems());
}

#[test]
fn a_missing_module_leaves_references() {
    let run = run(&[(
        "main.tf",
        "module \"alb\" {\n  source = \"terraform-aws-modules/alb/aws\"\n}\nresource \"a_b\" \"x\" {\n  v = module.alb.dns_name\n}\n",
    )]);
    assert_eq!(run.get("a_b.x"), json!({"v": {"$ref": "module.alb.dns_name"}}));
    assert_eq!(run.stacks[0].unresolved[0].0.as_str(), "module.alb");
    assert_eq!(run.problems().len(), 1);
    assert!(run.problems()[0].contains("module.alb (terraform-aws-modules/alb/aws)"));
}

#[test]
fn hostile_code_is_bounded() {
    let parentheses =
        format!("resource \"a_b\" \"deep\" {{\n  v = {}1{}\n}}\n", "(".repeat(10_000), ")".repeat(10_000));
    let chain: String = (0..5_000).map(|n| format!("  l{n} = local.l{}\n", n + 1)).collect();
    let run = run(&[
        ("deep.tf", &parentheses),
        (
            "chain.tf",
            &format!("locals {{\n{chain}  l5000 = 1\n}}\nresource \"a_b\" \"chain\" {{\n  v = local.l0\n}}\n"),
        ),
        (
            "main.tf",
            r#"
            resource "a_b" "many" { count = 1e9 }
            resource "a_b" "range" { v = range(0, 1e12) }
            resource "a_b" "loop" { v = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]] }
            resource "a_b" "join" { v = join("", [for a in range(1000) : join("", [for b in range(1000) : format("%1000000d", b)])]) }
            resource "a_b" "self" { v = local.me }
            locals { me = [local.me] }
            module "again" { source = "./" }
            resource "a_b" "fine" { v = 1 }
            "#,
        ),
    ]);
    assert_eq!(run.get("a_b.fine"), json!({"v": 1}));
    assert!(run.addresses().contains(&"a_b.many when 1e9".to_owned()), "{:?}", run.addresses());
    assert!(run.problems().len() >= 5, "{:?}", run.problems());
}

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
fn a_null_set_keeps_its_type_in_a_conditional() {
    let run = run(&[(
        "main.tf",
        r#"
        variable "cidrs" {
          type    = list(string)
          default = null
        }
        resource "a_b" "x" {
          for_each = var.cidrs != null ? toset(var.cidrs) : []
          cidr     = each.value
        }
        "#,
    )]);
    assert_eq!(run.problems(), Vec::<String>::new());
    assert_eq!(run.addresses(), Vec::<String>::new());
}

#[test]
fn installed_modules_are_read() {
    let run = run(&[
        ("main.tf", "module \"m\" {\n  source = \"org/m/aws\"\n}\n"),
        (
            ".terraform/modules/modules.json",
            r#"{"Modules": [{"Key": "m", "Source": "x", "Dir": ".terraform/modules/m"}]}"#,
        ),
        (".terraform/modules/m/main.tf", "resource \"a_b\" \"x\" {\n  v = path.module\n}\n"),
    ]);
    assert_eq!(run.problems(), Vec::<String>::new());
    assert_eq!(run.get("module.m.a_b.x"), json!({"v": ".terraform/modules/m"}));
}

#[test]
fn the_command_line_gives_values() {
    let options = Options {
        vars: vec![("port".to_owned(), "443".to_owned()), ("names".to_owned(), "[\"a\"]".to_owned())],
        environment: vec![("port".to_owned(), "80".to_owned())],
        workspace: Some("prod".to_owned()),
        region: Some("eu-west-1".to_owned()),
        ..Options::default()
    };
    let code = r#"
        variable "port" { type = number }
        variable "names" { type = list(string) }
        data "aws_region" "r" {}
        resource "a_b" "x" { v = [var.port, var.names, terraform.workspace, data.aws_region.r.name] }
    "#;
    let run = run_with(&[("main.tf", code)], &options);
    assert_eq!(run.get("a_b.x"), json!({"v": [443, ["a"], "prod", "eu-west-1"]}));
}

#[test]
fn a_named_directory_is_a_root_although_its_example_calls_it() {
    let files = [
        ("main.tf", "resource \"a_b\" \"x\" {}\n"),
        ("examples/full/main.tf", "module \"m\" {\n  source = \"../..\"\n}\n"),
    ];
    let ids = |run: &Run| run.stacks.iter().map(|stack| stack.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&run(&files)), ["examples/full"]);
    let named = Options { named: vec![String::new()], ..Options::default() };
    assert_eq!(ids(&run_with(&files, &named)), [".", "examples/full"]);
}

#[test]
fn a_piece_of_a_reference_remembers_it() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "a_b" "api" {}
        resource "a_b" "x" {
          host = split("/", trimprefix(lower(a_b.api.url), "https://"))[0]
          name = regex("^[a-z]+", "${a_b.api.url}/x")
          old  = map("a", list("b", 1)[1])
        }
        "#,
    )]);
    let body = &run.stacks[0].resources[1].body;
    for attribute in ["host", "name"] {
        let value = body.get(attribute).unwrap();
        let targets: Vec<_> = value.references().iter().map(|reference| reference.text()).collect();
        assert_eq!(targets, ["a_b.api.url"], "{attribute}");
    }
    assert_eq!(render(body.get("old").unwrap()), json!({"a": "1"}));
}

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
fn what_is_only_written_is_masked() {
    let code =
        "resource \"aws_ssm_parameter\" \"p\" {\n  name     = \"n\"\n  value_wo = \"hunter2\"\n  key_wo   = null\n}\n";
    let run = run(&[("main.tf", code)]);
    assert_eq!(run.get("aws_ssm_parameter.p"), json!({"name": "n", "value_wo": {"$sensitive": true}, "key_wo": null}));
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

#[test]
fn items_hang_on_the_condition_of_their_for() {
    let run = run(&[(
        "main.tf",
        r#"
        data "aws_lb" "found" {}
        locals {
          one  = { for k, v in { a = 1, b = 2 } : k => v if data.aws_lb.found.internal }
          own  = { for k, v in { a = data.aws_lb.found.x, b = data.aws_lb.found.y, c = true } : k => k if v }
          many = [for v in [data.aws_lb.found.x, data.aws_lb.found.y, data.aws_lb.found.z] : v if v]
        }
        resource "a_b" "one" {
          for_each = local.one
          v        = each.value
        }
        resource "a_b" "own" { for_each = local.own }
        resource "a_b" "many" { v = local.many }
        "#,
    )]);
    let shown: Vec<_> = run.stacks[0]
        .resources
        .iter()
        .filter(|resource| &*resource.type_name == "a_b")
        .map(|resource| match &resource.exists {
            Existence::Certain => resource.address.to_string(),
            Existence::Conditional(when) => format!("{} if {}", resource.address, when.text()),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a_b.many",
            "a_b.one[\"a\"] if data.aws_lb.found.internal",
            "a_b.one[\"b\"] if data.aws_lb.found.internal",
            "a_b.own[\"a\"] if data.aws_lb.found.x && data.aws_lb.found.y || data.aws_lb.found.x && !data.aws_lb.found.y",
            "a_b.own[\"b\"] if data.aws_lb.found.x && data.aws_lb.found.y || !data.aws_lb.found.x && data.aws_lb.found.y",
            "a_b.own[\"c\"]",
        ]
    );
    assert_eq!(run.get("a_b.one[\"b\"]"), json!({"v": 2}));
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
fn json_is_read_around_what_is_not_known_yet() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "aws_lb" "l" {}
        locals {
          text = jsonencode({ a = aws_lb.l.arn, b = ["x", { c = "https://${aws_lb.l.dns_name}/\"" }], d = 5 })
          hole = "{\"${aws_lb.l.name}\": 1}"
          bare = "{\"a\": ${aws_lb.l.num}, \"b\": 2}"
        }
        resource "a_b" "x" {
          all  = jsondecode(local.text)
          hole = jsondecode(local.hole)
          bare = jsondecode(local.bare)
          tail = jsondecode(aws_lb.l.text)
        }
        "#,
    )]);
    let body = run.get("a_b.x");
    let deep = json!({"c": {"$template": ["https://", {"$ref": "aws_lb.l.dns_name"}, "/\""]}});
    assert_eq!(body["all"], json!({"a": {"$ref": "aws_lb.l.arn"}, "b": ["x", deep], "d": 5}));
    for name in ["hole", "bare", "tail"] {
        assert!(body[name].get("$unknown").is_some(), "{name}: {}", body[name]);
    }
}

#[test]
fn sorting_keeps_the_number_and_the_references() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "aws_subnet" "s" { count = 2 }
        resource "a_b" "x" {
          v = sort(aws_subnet.s[*].id)
          n = length(distinct(sort(concat(aws_subnet.s[*].id, ["subnet-1"]))))
        }
        "#,
    )]);
    let resource = run.stacks[0].resources.iter().find(|resource| resource.address.to_string() == "a_b.x").unwrap();
    let sorted = resource.body.get("v").unwrap().as_list().unwrap().to_vec();
    assert_eq!(sorted.len(), 2);
    for element in &sorted {
        let targets: Vec<_> = element.references().iter().map(|reference| reference.text()).collect();
        assert_eq!(targets, ["aws_subnet.s[0].id", "aws_subnet.s[1].id"]);
    }
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
