//! Which state is read, and what is in it.

use super::*;

/// What `app` makes of the one output `x` of the root in `net`.
fn read_output(net: &str, workspace: Option<&str>, config: &str) -> Json {
    let options = Options { workspace: workspace.map(str::to_owned), ..Options::default() };
    let net = format!("{net}\noutput \"x\" {{\n  value = \"v\"\n}}\n");
    let app = format!(
        "data \"terraform_remote_state\" \"n\" {{\n{config}\n}}\nresource \"a_b\" \"x\" {{\n  v = data.terraform_remote_state.n.outputs.x\n}}\n"
    );
    run_with(&[("app/main.tf", &app), ("net/main.tf", &net)], &options).get("a_b.x")["v"].clone()
}

#[test]
fn a_state_is_named_as_its_backend_names_it() {
    let backend = |kind: &str, arguments: &str| format!("terraform {{\n backend \"{kind}\" {{\n{arguments}\n}}\n}}");
    let read =
        |kind: &str, arguments: &str, more: &str| format!("backend = \"{kind}\"\nconfig = {{\n{arguments}\n}}\n{more}");
    let joins = [
        (backend("gcs", "bucket = \"b\""), None, read("gcs", "bucket = \"b\"", "")),
        (backend("gcs", "bucket = \"b\"\nprefix = \"p/\""), None, read("gcs", "bucket = \"b\"\nprefix = \"p\"", "")),
        (
            backend("s3", "bucket = \"b\"\nkey = \"k\"\nworkspace_key_prefix = \"p\""),
            Some("prod"),
            read("s3", "bucket = \"b\"\nkey = \"p/prod/k\"", ""),
        ),
        (
            backend("s3", "bucket = \"b\"\nkey = \"k\""),
            Some("prod"),
            read("s3", "bucket = \"b\"\nkey = \"env:/prod/k\"", ""),
        ),
        (
            backend("azurerm", "storage_account_name = \"a\"\ncontainer_name = \"c\"\nkey = \"k\""),
            Some("prod"),
            read(
                "azurerm",
                "storage_account_name = \"a\"\ncontainer_name = \"c\"\nkey = \"k\"",
                "workspace = \"prod\"",
            ),
        ),
        (backend("kubernetes", "secret_suffix = \"s\""), None, read("kubernetes", "secret_suffix = \"s\"", "")),
        (
            String::new(),
            Some("prod"),
            read("local", "path = \"../net/terraform.tfstate.d/prod/terraform.tfstate\"", ""),
        ),
        (
            "terraform {\ncloud {\norganization = \"o\"\nworkspaces {\ntags = [\"t\"]\n}\n}\n}".to_owned(),
            Some("prod"),
            read("remote", "organization = \"o\"\nworkspaces = { name = \"prod\" }", ""),
        ),
    ];
    for (net, workspace, config) in joins {
        assert_eq!(read_output(&net, workspace, &config), json!("v"), "{net} {config}");
    }
    let differs = [
        (
            backend("s3", "bucket = \"b\"\nkey = \"k\"\nworkspace_key_prefix = \"p\""),
            Some("prod"),
            read("s3", "bucket = \"b\"\nkey = \"k\"", "workspace = \"prod\""),
        ),
        (String::new(), Some("prod"), read("local", "path = \"../net/terraform.tfstate\"", "workspace = \"prod\"")),
        (
            backend("remote", "hostname = \"h\"\norganization = \"o\"\nworkspaces {\nname = \"n\"\n}"),
            None,
            read("remote", "organization = \"o\"\nworkspaces = { name = \"n\" }", ""),
        ),
        (backend("consul", "path = \"p\"\naddress = \"a\""), None, read("consul", "path = \"p\"\naddress = \"b\"", "")),
        (
            backend("s3", "bucket = \"b\"\nkey = \"k\"\nendpoint = \"e\""),
            None,
            read("s3", "bucket = \"b\"\nkey = \"k\"", ""),
        ),
    ];
    for (net, workspace, config) in differs {
        let found = read_output(&net, workspace, &config);
        assert!(found.is_object(), "{net} {config} {found}");
    }
}

#[test]
fn the_backend_of_an_override_file_replaces_a_cloud_block() {
    let cloud = "terraform {\n  cloud {\n    organization = \"o\"\n    workspaces {\n      name = \"n\"\n    }\n  }\n}\noutput \"x\" {\n  value = 1\n}\n";
    let app = r#"
        data "terraform_remote_state" "local" {
          backend = "local"
          config  = { path = "../net/terraform.tfstate" }
        }
        data "terraform_remote_state" "cloud" {
          backend = "remote"
          config  = { organization = "o", workspaces = { name = "n" } }
        }
        resource "a_b" "x" {
          local = data.terraform_remote_state.local.outputs.x
          cloud = data.terraform_remote_state.cloud.outputs.x
        }
        "#;
    let overriding = "terraform {\n  backend \"local\" {}\n}\n";
    let run = run(&[("app/main.tf", app), ("net/main.tf", cloud), ("net/override.tf", overriding)]);
    let body = run.get("a_b.x");
    assert_eq!(body["local"], json!(1));
    assert!(body["cloud"]["$unknown"].is_string(), "{body}");
}

#[test]
fn a_parameter_holds_text_and_a_state_holds_no_null() {
    let net = r#"
        resource "aws_ssm_parameter" "p" {
          name  = "/a/b"
          type  = "String"
          value = true
        }
        output "x" { value = null }
        output "y" { value = 1 }
        "#;
    let app = r#"
        data "aws_ssm_parameter" "p" { name = "/a/b" }
        data "terraform_remote_state" "n" {
          backend  = "local"
          config   = { path = "../net/terraform.tfstate" }
          defaults = { x = "default" }
        }
        resource "a_b" "x" {
          parameter = data.aws_ssm_parameter.p.value == "true" ? "yes" : "no"
          default   = data.terraform_remote_state.n.outputs.x
        }
        "#;
    let run = run(&[("app/main.tf", app), ("net/main.tf", net)]);
    assert_eq!(run.get("a_b.x"), json!({"parameter": "yes", "default": "default"}));
}

#[test]
fn a_state_keeps_sets() {
    let net = r#"
        variable "on" { type = bool }
        output "set" { value = toset(["b", "a"]) }
        output "either" { value = var.on ? toset(["c"]) : toset(["d"]) }
        output "inner" { value = { names = toset(["e"]) } }
        "#;
    let app = r#"
        data "terraform_remote_state" "n" {
          backend = "local"
          config  = { path = "../net/terraform.tfstate" }
        }
        locals { net = data.terraform_remote_state.n.outputs }
        resource "a_b" "set" { for_each = local.net.set }
        resource "a_b" "either" { for_each = local.net.either }
        resource "a_b" "inner" { for_each = local.net.inner.names }
        "#;
    let run = run(&[("app/main.tf", app), ("net/main.tf", net)]);
    let either = |key: &str, not: &str| format!("a_b.either[\"{key}\"] when {not}var.on in net");
    let known = ["a_b.inner[\"e\"]", "a_b.set[\"a\"]", "a_b.set[\"b\"]"].map(str::to_owned);
    let addresses = [vec![either("c", ""), either("d", "!")], known.to_vec()].concat();
    let managed = run.addresses().into_iter().filter(|address| !address.starts_with("data."));
    assert_eq!(managed.collect::<Vec<_>>(), addresses);
}
