//! Which directories are roots, and where modules come from.

use super::*;
use crate::terraform::Input;

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
        inputs: vec![
            Input::Value { name: "port".to_owned(), text: "443".to_owned() },
            Input::Value { name: "zone".to_owned(), text: "text".to_owned() },
            Input::File("x.tfvars".to_owned()),
            Input::Value { name: "names".to_owned(), text: "[\"a\"]".to_owned() },
        ],
        environment: vec![("port".to_owned(), "80".to_owned())],
        workspace: Some("prod".to_owned()),
        region: Some("eu-west-1".to_owned()),
        ..Options::default()
    };
    let code = r#"
        variable "port" { type = number }
        variable "names" { type = list(string) }
        variable "zone" {}
        data "aws_region" "r" {}
        resource "a_b" "x" { v = [var.port, var.names, var.zone, terraform.workspace, data.aws_region.r.name] }
    "#;
    let run = run_with(&[("main.tf", code), ("x.tfvars", "zone = \"file\"\nnames = []\n")], &options);
    assert_eq!(run.get("a_b.x"), json!({"v": [443, ["a"], "file", "prod", "eu-west-1"]}));
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
fn opentofu_evaluates_sources_early() {
    let code = r#"
        variable "version" { default = "v1" }
        locals { source = "./modules/${var.version}" }
        module "m" { source = local.source }
        "#;
    let resource = |name: &str| format!("resource \"a_b\" \"{name}\" {{}}\n");
    let files =
        [("main.tofu", code), ("modules/v1/main.tf", &resource("one")), ("modules/v2/main.tf", &resource("two"))];
    let one = run(&files);
    let ids = |run: &Run| run.stacks.iter().map(|stack| stack.id.to_string()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&one), one.addresses()),
        (vec![".".to_owned(), "modules/v2".to_owned()], vec!["module.m.a_b.one".to_owned()])
    );
    let two = Options {
        inputs: vec![Input::Value { name: "version".to_owned(), text: "v2".to_owned() }],
        ..Options::default()
    };
    let two = run_with(&files, &two);
    assert_eq!(
        (ids(&two), two.addresses()),
        (vec![".".to_owned(), "modules/v1".to_owned()], vec!["module.m.a_b.two".to_owned()])
    );
}

#[test]
fn opentofu_enables_and_disables() {
    let code = r#"
        variable "on" { type = bool }
        resource "a_b" "off" {
          lifecycle { enabled = false }
        }
        resource "a_b" "on" {
          v = 1
          lifecycle { enabled = true }
        }
        resource "a_b" "open" {
          v = 1
          lifecycle { enabled = var.on }
        }
        module "off" {
          source = "./m"
          lifecycle { enabled = false }
        }
        resource "a_b" "x" { v = [a_b.off == null, a_b.on.v, a_b.off] }
        "#;
    let run = run(&[("main.tofu", code), ("m/main.tf", "resource \"a_b\" \"m\" {}\n")]);
    assert_eq!(run.addresses(), ["a_b.on", "a_b.open when var.on", "a_b.x"]);
    assert_eq!(run.get("a_b.x"), json!({"v": [true, 1, null]}));
}

#[test]
fn opentofu_makes_several_configurations_of_a_provider() {
    let code = r#"
        locals { regions = toset(["eu-west-1", "us-east-1"]) }
        provider "aws" {
          for_each = local.regions
          alias    = "by"
          region   = each.key
        }
        data "aws_region" "r" {
          for_each = local.regions
          provider = aws.by[each.key]
        }
        resource "a_b" "x" { v = [for k, r in data.aws_region.r : r.name] }
        "#;
    assert_eq!(run(&[("main.tofu", code)]).get("a_b.x"), json!({"v": ["eu-west-1", "us-east-1"]}));
}

#[test]
fn what_may_not_be_read_is_told_from_what_is_not_there() {
    let code = r#"
        resource "a_b" "x" {
          v = file("/etc/passwd")
          w = file("none")
        }
        module "out" { source = "../../out" }
        module "none" { source = "./none" }
        module "installed" { source = "org/m/aws" }
        module "led" { source = "org/n/aws" }
        "#;
    let manifest = r#"{"Modules": [{"Key": "led", "Source": "x", "Dir": "../../elsewhere"}]}"#;
    let run = |manifest: &str| run(&[("root/main.tf", code), ("root/.terraform/modules/modules.json", manifest)]);
    let right = run(manifest);
    let values = json!({"v": {"$unknown": "/etc/passwd lies outside of what is linted"}, "w": {"$unknown": "none is not on disk"}});
    assert_eq!(right.get("a_b.x"), values);
    let why = |run: &Run, name: &str| {
        let problem =
            run.stacks[0].problems.iter().find(|problem| problem.message.contains(&format!("module.{name} ")));
        let problem = problem.unwrap();
        format!("{} {}", problem.message, problem.help.clone().unwrap_or_default())
    };
    assert!(
        why(&right, "out").contains("lies outside of what is linted; ")
            && why(&right, "out").contains("--allow-root ../out")
    );
    assert!(why(&right, "led").contains("--allow-root ../elsewhere"), "{}", why(&right, "led"));
    assert!(why(&right, "none").contains("is not on disk") && why(&right, "none").contains("check the path"));
    assert!(why(&right, "installed").contains("then its code is read"), "{}", why(&right, "installed"));
    let broken = why(&run("{\"Modules\": ["), "installed");
    assert!(broken.contains("modules.json cannot be read (EOF while parsing a list at line 1 column 13)"), "{broken}");
}
