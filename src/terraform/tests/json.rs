//! Configuration in JSON, and which files are read.

use super::*;

#[test]
fn a_file_of_opentofu_hides_the_file_of_its_name() {
    let resource = |name: &str| format!("resource \"a_b\" \"{name}\" {{}}\n");
    let json = |name: &str| format!(r#"{{"resource": {{"a_b": {{"{name}": {{}}}}}}}}"#);
    let files = [
        ("a.tf", resource("a")),
        ("a.tofu.json", json("a_tofu_json")),
        ("b.tf", resource("b")),
        ("b.tofu", resource("b_tofu")),
        ("c.tf.json", json("c")),
        ("c.tofu.json", json("c_tofu_json")),
        ("d.tofu.tf", resource("d_tofu")),
        ("d.tf", resource("d")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let addresses = ["a_b.a", "a_b.a_tofu_json", "a_b.b_tofu", "a_b.c_tofu_json", "a_b.d", "a_b.d_tofu"];
    assert_eq!(run(&files).addresses(), addresses);
}

#[test]
fn maps_are_no_blocks() {
    let code = r#"{
        "variable": {"k": {"default": "kk"}},
        "resource": {
            "aws_apigatewayv2_stage": {"s": {"stage_variables": {"u": "v"}, "other": {"${var.k}": "w"}}},
            "kubernetes_service": {"k": {"metadata": {"name": "s"}, "spec": {"selector": {"app": "x"}}}},
            "aws_s3_object": {"o": {"metadata": {"k": "v"}}},
            "aws_acm_certificate": {"c": {"options": {"export": "ENABLED"}}}
        }
    }"#;
    let run = run(&[("main.tf.json", code)]);
    assert_eq!(run.problems(), Vec::<String>::new());
    let stage = json!({"stage_variables": {"u": "v"}, "other": {"kk": "w"}});
    assert_eq!(run.get("aws_apigatewayv2_stage.s"), stage);
    let service = json!({"metadata": [{"name": "s"}], "spec": [{"selector": {"app": "x"}}]});
    assert_eq!(run.get("kubernetes_service.k"), service);
    assert_eq!(run.get("aws_s3_object.o"), json!({"metadata": {"k": "v"}}));
    assert_eq!(run.get("aws_acm_certificate.c"), json!({"options": [{"export": "ENABLED"}]}));
}

#[test]
fn a_backend_in_json_has_its_label() {
    let net = r#"{"terraform": {"backend": {"s3": {"bucket": "b", "key": "k", "region": "r"}}}, "output": {"x": {"value": 1}}}"#;
    let app = r#"
        data "terraform_remote_state" "n" {
          backend = "s3"
          config  = { bucket = "b", key = "k", region = "r" }
        }
        resource "a_b" "x" { v = data.terraform_remote_state.n.outputs.x }
        "#;
    let run = run(&[("app/main.tf", app), ("net/main.tf.json", net)]);
    assert_eq!(run.get("a_b.x"), json!({"v": 1}));
}

#[test]
fn a_template_that_cannot_be_parsed_is_unknown() {
    let code = r#"{"resource": {"a_b": {"x": {"v": "${a +", "w": "${1}"}}}}"#;
    let run = run(&[("main.tf.json", code)]);
    let body = run.get("a_b.x");
    assert!(body["v"]["$unknown"].as_str().unwrap().ends_with("is not valid: it cannot be parsed"), "{body}");
    assert_eq!(body["w"], json!(1));
    assert_eq!(run.problems().len(), 1, "{:?}", run.problems());
}
