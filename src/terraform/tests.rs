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
