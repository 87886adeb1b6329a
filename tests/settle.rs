//! What an unproven claim says would settle it does settle it, and nothing less does.
#![cfg(test)]

use serde_json::Value as Json;
use std::path::Path;
use std::process::Command;

/// Plaintext listeners under conditions, and servers of which the protocol is not known.
const CODE: &str = r#"
variable "a" { type = bool }
variable "b" { type = bool }
variable "tier" { type = string }
variable "protocol" { type = string }

resource "aws_lb" "web" {}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_listener" "both" {
  count             = var.a && var.b ? 1 : 0
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_listener" "tier" {
  count             = var.tier == "test" ? 1 : 0
  load_balancer_arn = aws_lb.web.arn
  port              = 8080
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_target_group" "app" {
  port     = 8443
  protocol = var.protocol
}

resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.app.id
}

resource "aws_instance" "app" {}
"#;

const CLAIM: &str = "
version: 1
claims:
  - {name: web, promise: encrypted-in-transit, from: internet, to: aws_instance.app}
";

fn project() -> tempfile::TempDir {
    project_with(CODE)
}

fn project_with(code: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), code).unwrap();
    std::fs::write(directory.path().join("e2e-lint.yaml"), CLAIM).unwrap();
    directory
}

fn claim(directory: &Path, values: &[&str]) -> Json {
    let values = values.iter().flat_map(|value| ["--var", value]);
    let arguments: Vec<&str> = ["--format", "json", "."].into_iter().chain(values).collect();
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(arguments).current_dir(directory).output().unwrap();
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    report["claims"].as_array().unwrap().iter().find(|claim| claim["declared"] == true).unwrap().clone()
}

fn unknowns(claim: &Json) -> Vec<String> {
    claim["unknowns"].as_array().unwrap().iter().map(|row| row["what"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_fewest_unknowns_are_told() {
    let directory = project();
    let open = claim(directory.path(), &[]);
    assert_eq!(open["verdict"], "unproven");
    assert_eq!(unknowns(&open), ["var.a", "var.tier", "var.protocol"]);
    let settle: Vec<_> =
        open["unknowns"].as_array().unwrap().iter().map(|row| row["settle"].as_str().unwrap()).collect();
    assert!(settle[0].contains("`!var.a`"), "{settle:?}");
    assert!(settle[1].contains("`var.tier != \"test\"`"), "{settle:?}");
}

#[test]
fn all_of_them_together_settle_the_claim_and_no_fewer() {
    let directory = project();
    let all = ["a=false", "tier=prod", "protocol=HTTPS"];
    assert_eq!(claim(directory.path(), &all)["verdict"], "holds");
    for left_out in 0..all.len() {
        let some: Vec<&str> =
            all.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, value)| *value).collect();
        let judged = claim(directory.path(), &some);
        assert_eq!(judged["verdict"], "unproven", "{some:?}");
        assert_eq!(unknowns(&judged).len(), 1, "{judged}");
    }
}

#[test]
fn what_is_certain_leaves_nothing_to_settle() {
    let broken = claim(project().path(), &["tier=test", "protocol=HTTPS", "a=false"]);
    assert_eq!(broken["verdict"], "broken");
    assert_eq!(unknowns(&broken), Vec::<String>::new());
}

#[test]
fn a_claim_without_a_path_says_where_the_known_ways_end() {
    let attached = "target_id        = aws_instance.app.id";
    let listed = "count            = length(var.ids)\n  target_id        = var.ids[count.index]";
    let directory =
        project_with(&format!("variable \"ids\" {{ type = list(string) }}\n{}", CODE.replace(attached, listed)));
    let judged = claim(directory.path(), &[]);
    assert_eq!(judged["verdict"], "no-path");
    assert!(unknowns(&judged)[0].starts_with("var.ids["), "{judged}");
    let sentence = judged["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("Nothing that is known connects the two ends"), "{sentence}");
    assert!(sentence.contains("may still get to the server"), "{sentence}");
    assert_eq!(unknowns(&claim(directory.path(), &["ids=[]"])), ["targets of aws_lb_target_group.app"]);
}
