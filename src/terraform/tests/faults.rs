//! Code that is broken, hostile or sensitive.

use super::*;

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
fn what_a_broken_block_declares_is_unknown() {
    let code = r#"
        resource "a_b" "uses" {
          local    = local.gone
          variable = var.gone
          resource = a_b.gone.id
          data     = data.a_b.gone.id
          module   = module.gone.out
          output   = module.m.gone
          fallback = try(var.gone, "never")
          known    = var.kept
        }
        variable "kept" { default = 1 }
        module "m" { source = "./m" }
        "#;
    let broken = "variable \"fine\" {}\nlocals {\n  gone = = 1\n}\n";
    let run = run(&[("main.tf", code), ("locals.tf", broken), ("m/out.tf", "output \"gone\" {\n  value = (\n}\n")]);
    let body = run.get("a_b.uses");
    let what = [
        ("local", "local.gone"),
        ("variable", "var.gone"),
        ("resource", "a_b.gone.id"),
        ("data", "data.a_b.gone.id"),
        ("module", "module.gone.out"),
        ("fallback", "var.gone"),
    ];
    for (name, what) in what {
        let unknown = format!("{what} may be declared in locals.tf, of which a block could not be read");
        assert_eq!(body[name], json!({"$unknown": unknown}), "{name}");
    }
    let unknown = "module.m.output.gone may be declared in m/out.tf, of which a block could not be read";
    assert_eq!(body["output"], json!({"$unknown": unknown}));
    assert_eq!(body["known"], json!(1));
    let problems = run.problems();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.contains("syntax error")), "{problems:?}");
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
fn what_is_only_written_is_masked() {
    let code =
        "resource \"aws_ssm_parameter\" \"p\" {\n  name     = \"n\"\n  value_wo = \"hunter2\"\n  key_wo   = null\n}\n";
    let run = run(&[("main.tf", code)]);
    assert_eq!(run.get("aws_ssm_parameter.p"), json!({"name": "n", "value_wo": {"$sensitive": true}, "key_wo": null}));
}

#[test]
fn a_variable_that_is_not_declared_is_missing_once() {
    let code = "resource \"a_b\" \"x\" {\n  v = var.env\n  w = \"${var.env}-a\"\n  x = var.tags\n}\n";
    let missing = |files: &[(&str, &str)]| {
        let found = run(files).stacks[0].problems.clone();
        found.into_iter().map(|problem| (problem.message, problem.help.is_some())).collect::<Vec<_>>()
    };
    let of = |name: &str, helped| (format!("`var.{name}`: no such variable is declared"), helped);
    assert_eq!(missing(&[("main.tf", code)]), [of("env", false), of("tags", false)]);
    let generated = [("main.tf", code), ("terragrunt.hcl", "include {}\n")];
    assert_eq!(missing(&generated), [of("env", true), of("tags", true)]);
}

#[test]
fn what_a_provider_adds_to_a_block_is_no_fault() {
    let code = r#"
        resource "a_b" "x" {
          item { name = "d" }
        }
        data "aws_iam_policy_document" "p" {
          provider = aws.us-east-1
          statement { actions = ["a:b"] }
        }
        locals { byname = { for item in a_b.x.item : item.name => item } }
        resource "a_b" "y" {
          id     = local.byname["d"].item_id
          direct = a_b.x.item[0].item_id
          policy = data.aws_iam_policy_document.p.json
        }
        "#;
    let run = run(&[("main.tf", code)]);
    assert_eq!(run.problems(), Vec::<String>::new());
    let body = run.get("a_b.y");
    assert!(body["id"]["$unknown"].as_str().unwrap().ends_with("is known after deployment only"), "{body}");
    assert_eq!(body["direct"], json!({"$ref": "a_b.x.item[0].item_id"}));
}

#[test]
fn an_unknown_is_called_as_it_is_written() {
    let code = r#"
        resource "a_b" "k" {}
        resource "a_b" "x" {
          piece  = substr("a/$${b}\n${a_b.k.arn}", 0, 5)
          nested = element(split(":", lower(a_b.k.arn)), 5)
        }
        "#;
    let body = run(&[("main.tf", code)]).get("a_b.x");
    let unknown = |called: &str| json!({ "$unknown": format!("a_b.k.arn in {called} is known after deployment only") });
    assert_eq!(body["piece"], unknown(r#"substr("a/$${b}\n${a_b.k.arn}", 0, 5)"#));
    assert_eq!(body["nested"], unknown(r#"element(split(":", lower(a_b.k.arn)), 5)"#));
}

#[test]
fn what_is_commented_out_stays_so_in_a_broken_file() {
    let code = r#"/* retired
resource "a_b" "ghost" {
}
*/
# usage: cat <<EOF
resource "a_b" "x" {
  v = "<<EOF"
}
// {
resource "a_b" "y" {
  v = = 1
}
resource "a_b" "z" {}
"#;
    let run = run(&[("main.tf", code)]);
    assert_eq!(run.addresses(), ["a_b.x", "a_b.z"]);
    assert_eq!(run.problems().len(), 1, "{:?}", run.problems());
    assert!(run.problems()[0].starts_with("main.tf:11: syntax error"), "{:?}", run.problems());
}

#[test]
fn what_stands_at_the_margin_of_a_broken_file_stays_in_its_block() {
    let code = r#"resource "a_b" "x" {
v = "1"
tags = { a = "b" }
nested {
  w = <<EOT
resource "a_b" "text" {
EOT
}
}
resource "a_b" "y" {
  v = 1
resource "a_b" "z" {
  v = "}"
}
locals {
  a = = 1
}
}
resource "a_b" "last" {}
"#;
    let run = run(&[("main.tf", code)]);
    assert_eq!(run.addresses(), ["a_b.last", "a_b.x", "a_b.z"]);
    let body = json!({"v": "1", "tags": {"a": "b"}, "nested": [{"w": "resource \"a_b\" \"text\" {\n"}]});
    assert_eq!(run.get("a_b.x"), body);
    assert_eq!(run.problems().len(), 2, "{:?}", run.problems());
}

#[test]
fn a_broken_file_of_variables_loses_one() {
    let code =
        "variable \"a\" {}\nvariable \"b\" {}\nvariable \"c\" {}\nresource \"a_b\" \"x\" { v = [var.a, var.c] }\n";
    let run = run(&[("main.tf", code), ("terraform.tfvars", "a = 1\nb = {\nc = 3\n")]);
    assert_eq!(run.get("a_b.x"), json!({"v": [1, 3]}));
}

#[test]
fn bytes_that_are_no_text_lose_what_holds_them() {
    let mut code = b"# caf\xe9\n/* \xff\xfe */ resource \"a_b\" \"x\" { v = \"\xc3\xa9\" }\n".to_vec();
    code.extend_from_slice(b"resource \"a_b\" \"y\" {\n  v = \"\xe9\"\n}\nresource \"a_b\" \"z\" {}\n");
    let files: Memory = [("main.tf", code), ("b.tf.json", b"{\"//\": \"\xe9\"}".to_vec())].into_iter().collect();
    let sources = Sources::new();
    let stacks = stacks(&files.paths(), &files, &sources, &[Options::default()]).concat();
    let run = Run { stacks, sources };
    assert_eq!(run.addresses(), ["a_b.x", "a_b.z"]);
    assert_eq!(run.get("a_b.x"), json!({"v": "é"}));
    let problems = ["b.tf.json:1: b.tf.json is not UTF-8 text", "main.tf:4: syntax error: this is not UTF-8 text"];
    assert_eq!(run.problems(), problems);
}

#[test]
fn numbers_are_larger_than_doubles() {
    let digits = format!("{}{}", "9".repeat(150), "0".repeat(250));
    let code =
        format!("resource \"a_b\" \"x\" {{\n  v = \"${{1e309}}\"\n  u = {digits}\n  w = 12345678901234567890\n}}\n");
    let run = run(&[("main.tf", &code)]);
    let text = format!("1{}", "0".repeat(309));
    assert_eq!(run.get("a_b.x"), json!({"v": text, "u": digits, "w": 12_345_678_901_234_567_890_u64}));
}

#[test]
fn instances_that_terraform_refuses_are_a_fault() {
    let problems = |argument: &str| {
        let code = format!(
            "variable \"s\" {{\n  default = \"hunter2\"\n  sensitive = true\n}}\nresource \"a_b\" \"x\" {{\n  {argument}\n}}\n"
        );
        run(&[("main.tf", &code)]).problems()
    };
    for count in ["-1", "null", "1.5"] {
        let message = format!("main.tf:6: `{count}`: count needs a whole number that is not negative");
        assert_eq!(problems(&format!("count = {count}")), [message]);
    }
    for each in ["null", "toset([1, 2])", "[\"a\"]", "\"a\""] {
        let message = format!("main.tf:6: `{each}`: for_each needs a map or a set of strings");
        assert_eq!(problems(&format!("for_each = {each}")), [message]);
    }
    for each in ["toset([var.s])", "toset(split(\",\", var.s))", "{ for name in [var.s] : name => 1 }"] {
        let message = format!("main.tf:6: `{each}`: for_each cannot be made of sensitive values");
        assert_eq!(problems(&format!("for_each = {each}")), [message]);
    }
    assert_eq!(problems("for_each = { a = var.s }"), Vec::<String>::new());
}

#[test]
fn a_fault_does_not_say_the_default_of_a_sensitive_variable() {
    let code = "variable \"n\" {\n  type = number\n  sensitive = true\n  default = \"hunter2\"\n}\nresource \"a_b\" \"x\" { v = var.n }\n";
    assert_eq!(run(&[("main.tf", code)]).problems(), ["main.tf:4: `var.n`: number required, and this is a string"]);
}

#[test]
fn what_is_nested_deeply_is_read() {
    let chain: String = (0..200).map(|n| format!("\"q\" == \"k{n}\" ? {n} :\n ")).collect();
    let lists = format!("{}{{ k = var.deep }}{}", "[\n".repeat(100), "\n]".repeat(100));
    let code = format!(
        "variable \"deep\" {{\n  default = 1\n}}\nresource \"a_b\" \"x\" {{\n  chain = ({chain}\"z\")\n  lists = flatten({lists})\n  after = 1\n}}\n"
    );
    let run = run(&[("main.tf", &code)]);
    assert_eq!(run.problems(), Vec::<String>::new());
    assert_eq!(run.get("a_b.x"), json!({"chain": "z", "lists": [{"k": 1}], "after": 1}));
    let broken = code.replace("k = var.deep", "k = = var.deep");
    let problems = self::run(&[("main.tf", &broken)]).problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("main.tf:306: syntax error"), "{problems:?}");
}

#[test]
fn what_is_declared_twice_is_a_fault() {
    let code = "variable \"a\" {}\nvariable \"a\" {}\nlocals {\n  b = 1\n  c = 2\n}\nlocals {\n  b = 3\n}\noutput \"o\" { value = 1 }\noutput \"o\" { value = 2 }\nresource \"a_b\" \"x\" { v = local.b }\nresource \"a_b\" \"x\" {}\n";
    let run = run(&[("main.tf", code), ("override.tf", "variable \"a\" { default = 1 }\nlocals { c = 4 }\n")]);
    let twice = |line: u32, what: &str| {
        format!("main.tf:{line}: {what} is declared twice in this module; the first declaration is used")
    };
    assert_eq!(
        run.problems(),
        [twice(2, "variable a"), twice(8, "local b"), twice(11, "output o"), twice(13, "a_b.x")]
    );
    assert_eq!(run.get("a_b.x"), json!({"v": 1}));
}
