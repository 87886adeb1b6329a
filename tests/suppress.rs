//! Comments in the code that accept findings or state claims: where they count, and where they do not.
#![cfg(test)]

use serde_json::Value as Json;
use std::process::Command;

const MODULE: &str = r#"
variable "protocol" { default = "HTTP" }
resource "aws_lb" "web" {}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_lb_target_group" "web" {
  port     = 80
  protocol = "HTTP"
}
resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web.id
}
resource "aws_instance" "web" {}
"#;

fn lint(files: &[(&str, &str)]) -> (Option<i32>, Json) {
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
    let report = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code(), report)
}

/// Rule and reason of each finding.
fn findings(report: &Json) -> Vec<(String, Option<String>)> {
    let rows = report["findings"].as_array().unwrap().iter();
    rows.map(|row| (row["rule"].as_str().unwrap().to_owned(), row["suppressed"].as_str().map(str::to_owned))).collect()
}

fn accepted(rule: &str, reason: &str) -> Vec<(String, Option<String>)> {
    vec![(rule.to_owned(), Some(reason.to_owned()))]
}

#[test]
fn a_comment_counts_on_the_line_above_it_and_on_the_block() {
    let comment = "# e2e-lint: ignore[plaintext-hop] the mesh encrypts";
    for text in [
        MODULE.replace("protocol = \"HTTP\"\n", &format!("protocol = \"HTTP\" {comment}\n")),
        MODULE.replace("  protocol = \"HTTP\"\n", &format!("  {comment}\n  # of course\n  protocol = \"HTTP\"\n")),
        MODULE.replace("\"aws_lb_target_group\" \"web\" {", &format!("\"aws_lb_target_group\" \"web\" {{ {comment}")),
        MODULE.replace(
            "resource \"aws_lb_target_group\" \"web\"",
            &format!("{comment}\nresource \"aws_lb_target_group\" \"web\""),
        ),
    ] {
        let (code, report) = lint(&[("main.tf", &text)]);
        assert_eq!(findings(&report), accepted("plaintext-hop", "the mesh encrypts"), "{text}");
        assert_eq!(code, Some(0));
        let built_in = &report["claims"][0];
        assert_eq!(built_in["verdict"], "broken", "an ignore changes no verdict");
    }
}

#[test]
fn every_call_of_a_module_needs_its_own() {
    let comment = "# e2e-lint: ignore[plaintext-hop] the mesh encrypts";
    let one = format!("{comment}\nmodule \"a\" {{\n  source = \"./m\"\n}}\n");
    let (_, report) = lint(&[("main.tf", &one), ("m/main.tf", MODULE)]);
    assert_eq!(findings(&report), accepted("plaintext-hop", "the mesh encrypts"));
    let half = format!("{one}module \"b\" {{\n  source = \"./m\"\n}}\n");
    let (_, report) = lint(&[("main.tf", &half), ("m/main.tf", MODULE)]);
    let mut found = findings(&report);
    found.sort();
    assert_eq!(found, [("plaintext-hop".to_owned(), None), ("unused-ignore".to_owned(), None)]);
    let both = format!("{one}module \"b\" {{ {comment}\n  source = \"./m\"\n}}\n");
    let (_, report) = lint(&[("main.tf", &both), ("m/main.tf", MODULE)]);
    assert_eq!(findings(&report), accepted("plaintext-hop", "the mesh encrypts"));
}

#[test]
fn a_comment_counts_where_the_value_was_written() {
    let text = MODULE.replace("  protocol = \"HTTP\"\n", "  protocol = var.protocol\n");
    let text = text.replace(
        "variable \"protocol\" { default = \"HTTP\" }",
        "variable \"protocol\" { default = \"HTTP\" } # e2e-lint: ignore[plaintext-hop] the mesh encrypts",
    );
    let (_, report) = lint(&[("main.tf", &text)]);
    assert_eq!(findings(&report), accepted("plaintext-hop", "the mesh encrypts"));
}

#[test]
fn what_cannot_be_used_is_a_finding() {
    for comment in [
        "# e2e-lint: ignore[plaintext-hop]",
        "# e2e-lint: ignore because",
        "# e2e-lint: ignore[plaintext] because",
        "# e2e-lint: ignore[weak-tls] because",
        "# e2e-lint: disable",
    ] {
        let text = MODULE.replace("protocol = \"HTTP\"\n", &format!("protocol = \"HTTP\" {comment}\n"));
        let (code, report) = lint(&[("main.tf", &text)]);
        let mut found = findings(&report);
        found.sort();
        assert_eq!(found, [("plaintext-hop".to_owned(), None), ("unused-ignore".to_owned(), None)], "{comment}");
        assert_eq!(code, Some(1));
    }
}

#[test]
fn a_claim_in_the_code_is_judged() {
    for (promise, verdict) in [("end-to-end", "broken"), ("encrypted-in-transit", "broken")] {
        let claim = format!("# e2e-lint: claim {promise} from internet\nresource \"aws_instance\" \"web\"");
        let text = MODULE.replace("resource \"aws_instance\" \"web\"", &claim);
        let (_, report) = lint(&[("main.tf", &text)]);
        let row = &report["claims"][1];
        assert_eq!(row["name"], "aws_instance.web");
        assert_eq!(row["promise"], promise);
        assert_eq!(row["verdict"], verdict, "{row}");
        assert_eq!(row["location"]["file"], "main.tf");
    }
}

#[test]
fn a_claim_in_the_code_that_cannot_be_used_is_an_error() {
    for comment in ["claim e2e from internet", "claim end-to-end", "claim end-to-end from the internet"] {
        let text = MODULE.replace(
            "resource \"aws_instance\" \"web\"",
            &format!("# e2e-lint: {comment}\nresource \"aws_instance\" \"web\""),
        );
        let (code, report) = lint(&[("main.tf", &text)]);
        assert!(report["problems"][0]["message"].as_str().unwrap().contains("not understood"), "{comment}");
        assert_eq!(code, Some(1));
    }
    let (_, report) = lint(&[("main.tf", &format!("{MODULE}# e2e-lint: claim end-to-end from internet\n"))]);
    assert!(report["problems"][0]["message"].as_str().unwrap().contains("no resource"), "{report}");
}
