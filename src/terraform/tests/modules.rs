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
