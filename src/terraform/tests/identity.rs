//! Which unknowns are taken for the same.

use super::*;
use crate::terraform::Input;
use crate::value::When;

/// The conditions of `a_b.one`, `a_b.two` and `a_b.again`, which hang on what `made` makes of `"a"`, of `"b"` and of `"a"`.
fn conditions(made: &str, module: &str) -> [When; 3] {
    let module = format!("variable \"u\" {{}}\nvariable \"k\" {{ default = null }}\n{module}");
    let root = format!(
        r#"
        variable "u" {{ type = list(string) }}
        data "a_list" "d" {{}}
        {made}
        resource "a_b" "one" {{ count = local.x["a"] ? 1 : 0 }}
        resource "a_b" "two" {{ count = local.x["b"] ? 1 : 0 }}
        resource "a_b" "again" {{ count = local.x["a"] ? 1 : 0 }}
        "#
    );
    let run = run(&[("main.tf", &root), ("m/main.tf", &module)]);
    let resources = &run.stacks[0].resources;
    ["one", "two", "again"].map(|name| {
        let address = format!("a_b.{name}[0]");
        let found = resources.iter().find(|resource| resource.address.as_str() == address);
        found.and_then(|resource| resource.exists.when()).unwrap_or_else(|| panic!("{made}: {name}")).clone()
    })
}

fn assert_apart(made: &str, module: &str) {
    let [one, two, again] = conditions(made, module);
    assert!(one.compatible(&two.negated()), "{made}: {one:?} is not {two:?}");
    assert!(!one.compatible(&again.negated()), "{made}: the same unknown twice");
}

#[test]
fn each_turn_of_a_loop_has_its_own_unknown() {
    for expression in [
        "length([for x in var.u : x if x == k]) > 0",
        "anytrue([for x in var.u : x == k])",
        "length({for x in var.u : x => x if x == k}) > 0",
        "length([for y in [1, 2, 3, 4] : y if contains(var.u, y) && k == var.u[y]]) > 2",
        r#""%{ for x in var.u }${x == k ? "y" : ""}%{ endfor }" == "y""#,
        r#"rsadecrypt(k, "x") == "y""#,
        "provider::a::b(k)",
        r#"base64gzip(k) == "x""#,
        "length([for x in data.a_list.d.ids : x if startswith(x, k)]) > 0",
        "length({for y in [var.u] : \"${y[0]}${k}\" => y}) > 0",
        "length(merge({ (var.u[0]) = k }, {})) > 0",
    ] {
        assert_apart(&format!("locals {{ x = {{ for k in [\"a\", \"b\"] : k => {expression} }} }}"), "");
    }
}

#[test]
fn expressions_that_differ_late_are_not_the_same() {
    let long = |k: &str| {
        let name = "element_of_the_list_with_a_long_name";
        format!("length([for {name} in var.u : {name} if {name} != \"\" && {name} != \"c\" && {name} == \"{k}\"]) > 0")
    };
    assert_apart(&format!("locals {{ x = {{ a = {}, b = {} }} }}", long("a"), long("b")), "");
    let items = |k: &str| {
        let items: Vec<String> = (0..70).map(|number| format!("\"{number}\"")).collect();
        format!("contains(concat([var.u[0]], sort(concat(var.u, [{}, \"{k}\"]))), \"z\")", items.join(", "))
    };
    assert_apart(&format!("locals {{ x = {{ a = {}, b = {} }} }}", items("a"), items("b")), "");
}

#[test]
fn each_instance_has_its_own_unknown() {
    let modules = r#"
        module "a" {
          source = "./m"
          u      = var.u
          k      = "a"
        }
        module "b" {
          source = "./m"
          u      = var.u
          k      = "b"
        }
        locals { x = { a = module.a.on, b = module.b.on } }
        "#;
    assert_apart(modules, "output \"on\" { value = length([for x in var.u : x if x == var.k]) > 0 }");
    let each = r#"
        resource "a_c" "c" {
          for_each = toset(["a", "b"])
          on       = length([for x in var.u : x if x == each.key]) > 0
        }
        locals { x = { a = a_c.c["a"].on, b = a_c.c["b"].on } }
        "#;
    assert_apart(each, "");
    let counted = r#"
        resource "a_c" "c" {
          count = 2
          on    = length([for x in var.u : x if x == tostring(count.index)]) > 0
        }
        locals { x = { a = a_c.c[0].on, b = a_c.c[1].on } }
        "#;
    assert_apart(counted, "");
}

#[test]
fn a_loop_that_does_not_mention_its_turn_has_one_unknown() {
    let made = "locals { x = { for k in [\"a\", \"b\"] : k => length([for x in var.u : x if x == \"c\"]) > 0 } }";
    let [one, two, _] = conditions(made, "");
    assert!(!one.compatible(&two.negated()), "{one:?} is {two:?}");
}

#[test]
fn a_number_is_not_a_text_and_null_is_neither_true_nor_false() {
    for (a, b) in [
        ("var.u == 1", "var.u == \"1\""),
        ("!(var.u == false)", "var.u == true"),
        ("format(\"%3s\", var.u) == \"ab\"", "format(\"%s\", var.u) == \"ab\""),
        ("format(\"%3s\", var.u) == \"ab\"", "format(\"%-3s\", var.u) == \"ab\""),
    ] {
        assert_apart(&format!("locals {{ x = {{ a = {a}, b = {b} }} }}"), "");
    }
}

/// The two conditions of `a_b.a` and `a_b.b`, which hang on what modules with these variables make of the same unknown.
fn through_modules(given: &str, first: &str, second: &str, on: &str) -> [When; 2] {
    let root = format!(
        r#"
        variable "u" {{}}
        module "a" {{
          source = "./a"
          v      = {given}
        }}
        module "b" {{
          source = "./b"
          v      = {given}
        }}
        resource "a_b" "a" {{ count = module.a.on ? 1 : 0 }}
        resource "a_b" "b" {{ count = module.b.on ? 1 : 0 }}
        "#
    );
    let module = |variable: &str| format!("variable \"v\" {{\n{variable}\n}}\noutput \"on\" {{ value = {on} }}");
    let run = run(&[("main.tf", &root), ("a/main.tf", &module(first)), ("b/main.tf", &module(second))]);
    let resources = &run.stacks[0].resources;
    ["a_b.a[0]", "a_b.b[0]"].map(|address| {
        let found = resources.iter().find(|resource| resource.address.as_str() == address);
        found.and_then(|resource| resource.exists.when()).unwrap_or_else(|| panic!("{given}: {address}")).clone()
    })
}

#[test]
fn what_may_be_null_is_another_with_another_default() {
    let nullable = |default: bool| format!("nullable = false\ndefault = {default}");
    let object = |default: bool| format!("type = object({{ on = optional(bool, {default}) }})");
    let list = |default: bool| format!("type = list(object({{ on = optional(bool, {default}) }}))");
    for (given, variable, on) in [
        ("var.u", &nullable as &dyn Fn(bool) -> String, "var.v"),
        ("var.u", &object, "var.v.on"),
        ("{ on = var.u }", &object, "var.v.on"),
        ("var.u", &list, "var.v[0].on"),
    ] {
        let [one, other] = through_modules(given, &variable(true), &variable(false), on);
        assert!(
            one.compatible(&other.negated()) && other.compatible(&one.negated()),
            "{given}: {one:?} is not {other:?}"
        );
        let [one, same] = through_modules(given, &variable(true), &variable(true), on);
        assert!(!one.compatible(&same.negated()), "{given}: {one:?} is {same:?}");
    }
    let [open, _] = through_modules("var.u ? true : null", &nullable(false), &nullable(false), "var.v == false");
    assert_eq!(open.text(), "!var.u", "null is the default in one branch");
}

#[test]
fn sensitive_values_are_told_apart_and_not_said() {
    let code = r#"
        variable "u" {}
        variable "first" { sensitive = true }
        variable "second" { sensitive = true }
        locals {
          map = { a = 1 }
          bad = local.map[var.first]
        }
        resource "a_b" "one" { count = var.u == var.first ? 1 : 0 }
        resource "a_b" "two" { count = var.u == var.second ? 1 : 0 }
        resource "a_b" "three" { count = var.u == "hunter2" ? 1 : 0 }
        resource "a_b" "four" { count = contains([var.u], var.first) ? 1 : 0 }
        resource "a_b" "list" { count = jsonencode([var.u, { x = [var.first] }]) == "x" ? 1 : 0 }
        resource "a_b" "whole" { count = [var.u] == [var.first] ? 1 : 0 }
        resource "a_b" "marked" { count = [var.u] == sensitive([nonsensitive(var.second)]) ? 1 : 0 }
        resource "a_b" "worse" { count = cidrhost(var.first, 0) == var.u ? 1 : 0 }
        resource "a_b" "bad" { count = local.bad == 1 ? 1 : 0 }
        resource "a_b" "file" { text = file(var.first) }
        resource "a_b" "encoded" { text = jsonencode({ env = [{ name = "PASSWORD", value = var.first }] }) }
        resource "a_b" "chosen" { text = "${var.u == "x" ? var.first : "open"}-s" }
        resource "a_b" "keyed" { x = { (var.first) = 1 } }
        resource "a_b" "keys" { x = keys({ (var.first) = 1 }) }
        resource "a_b" "looped" { x = { for k, v in { (var.first) = 1 } : k => v } }
        resource "a_b" "made" { x = { for item in ["a"] : var.first => item } }
        resource "a_b" "twice" { x = { for item in ["a", "b"] : var.first => item } }
        resource "a_b" "zipped" { x = zipmap([var.first], [1]) }
        resource "a_b" "turned" { x = transpose({ a = [var.first] }) }
        resource "a_b" "encoded_key" { x = jsonencode({ (var.first) = 1 }) }
        resource "a_b" "indexed" { x = aws_lb.one[var.first] }
        resource "a_b" "document" { x = data.aws_iam_policy_document.one.json }
        resource "a_b" "parameter" { x = "p-${aws_ssm_parameter.one.value}" }
        resource "aws_lb" "one" {}
        resource "aws_ssm_parameter" "one" {
          type  = "SecureString"
          value = "swordfish"
        }
        data "aws_iam_policy_document" "one" {
          statement {
            actions   = ["sqs:*"]
            resources = ["arn:aws:sqs:eu-west-1:111122223333:${var.first}"]
          }
        }
        resource "a_b" "formatted" { text = format("%s-s", var.u == "x" ? var.first : "open") }
        "#;
    let vars = [("first", "hunter2"), ("second", "swordfish")];
    let inputs = vars.map(|(name, text)| Input::Value { name: name.to_owned(), text: text.to_owned() }).to_vec();
    let run = run_with(&[("main.tf", code)], &Options { inputs, ..Options::default() });
    let resources = &run.stacks[0].resources;
    let when = |name: &str| {
        let found = resources.iter().find(|resource| resource.address.as_str() == format!("a_b.{name}[0]"));
        found.and_then(|resource| resource.exists.when()).unwrap()
    };
    assert!(when("one").compatible(&when("two").negated()) && when("two").compatible(&when("one").negated()));
    assert!(when("one").compatible(when("three")), "a secret may be what the code says elsewhere");
    assert!(!when("one").compatible(&when("four").negated()), "the same secret");
    let said = |resource: &crate::resource::Resource| format!("{:?} {}", resource.exists, render(&resource.body));
    let text: Vec<String> =
        resources.iter().filter(|found| found.address.as_str() != "a_b.three[0]").map(said).collect();
    let text = format!("{} {}", text.join("\n"), run.problems().join("\n"));
    assert!(!text.contains("hunter2") && !text.contains("swordfish"), "{text}");
}
