//! How many elements there are, and which, where that is not known.

use super::*;

#[test]
fn what_may_be_equal_empty_or_a_list_is_not_counted() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "aws_subnet" "s" { count = 2 }
        resource "aws_lb" "l" {}
        locals {
          name    = aws_lb.l.dns_name
          subnets = aws_lb.l.subnets
          ids     = aws_subnet.s[*].id
        }
        resource "a_b" "open" {
          flat       = flatten([local.subnets, ["c"]])
          flat_count = length(flatten([local.subnets, ["c"]]))
          flat_item  = flatten([local.subnets, ["c"]])[1]
          once       = distinct([local.name, "abc"])
          once_count = length(distinct([local.name, "abc"]))
          full       = compact([local.name, "a"])
          full_text  = compact(["${local.name}", "a"])
          matching   = matchkeys(["p"], [local.name], ["abc"])
          first      = tolist(toset(["zz", local.name]))[0]
          loop       = [for x in toset(["zz", local.name]) : x]
          joined     = join(",", toset(["zz", local.name]))
          united     = tolist(setunion([local.name], ["zz"]))[0]
          reversed   = reverse(toset(["zz", local.name]))[0]
          splat      = toset(["zz", local.name])[*][0]
          formatted  = formatlist("%s", toset(["zz", local.name]))[0]
          nested     = flatten([toset(["zz", local.name])])[0]
          only       = one(toset(["zz", local.name]))
        }
        resource "a_b" "sure" {
          flat       = flatten([local.ids, [local.name, ["c"], "x${local.subnets}"]])
          once       = distinct([local.ids[0], local.ids[1], local.ids[0]])
          once_text  = distinct(["${local.name}-x", "${local.name}-x"])
          full       = compact([aws_lb.l.arn, "", "x${local.name}", null])
          matching   = matchkeys(["p", "q"], local.ids, [local.ids[1]])
          set_count  = length(toset(local.ids))
          list_count = length(tolist(toset(local.ids)))
          nested     = length(flatten([toset(local.ids)]))
          reversed   = length(reverse(toset(local.ids)))
          loop_count = length([for x in toset(local.ids) : x])
          keyed      = { for k, v in { a = local.name } : k => v }
        }
        "#,
    )]);
    assert_eq!(run.problems(), Vec::<String>::new());
    for (name, value) in run.get("a_b.open").as_object().unwrap() {
        assert!(value.get("$unknown").is_some(), "{name}: {value}");
    }
    let resource = run.stacks[0].resources.iter().find(|resource| resource.address.as_str() == "a_b.open").unwrap();
    for (name, about) in [("flat", "subnets"), ("once", "dns_name"), ("full", "dns_name"), ("first", "dns_name")] {
        let references = resource.body.get(name).unwrap().references();
        let references: Vec<_> = references.iter().map(|it| it.text()).collect();
        assert_eq!(references, [format!("aws_lb.l.{about}")], "{name}");
    }
    let (arn, name) = (json!({"$ref": "aws_lb.l.arn"}), json!({"$ref": "aws_lb.l.dns_name"}));
    let id = |index: usize| json!({"$ref": format!("aws_subnet.s[{index}].id")});
    let text = json!({"$template": ["x", name]});
    assert_eq!(
        run.get("a_b.sure"),
        json!({
            "flat": [id(0), id(1), name, "c", {"$template": ["x", {"$ref": "aws_lb.l.subnets"}]}],
            "once": [id(0), id(1)],
            "once_text": [{"$template": [name, "-x"]}],
            "full": [arn, text],
            "matching": ["q"],
            "set_count": 2, "list_count": 2, "nested": 2, "reversed": 2, "loop_count": 2,
            "keyed": {"a": name},
        })
    );
}

#[test]
fn a_whole_resource_has_more_attributes_than_the_code_says() {
    let run = run(&[
        (
            "main.tf",
            r#"
            resource "aws_lb" "l" { name = "web" }
            module "m" { source = "./m" }
            resource "a_b" "x" {
              count  = length(aws_lb.l)
              keys   = keys(aws_lb.l)
              values = values(aws_lb.l)
              merged = merge({ z = 1 }, aws_lb.l)
              loop   = [for k, v in aws_lb.l : k]
              absent = lookup(aws_lb.l, "arn", "none")
            }
            resource "a_b" "known" {
              name   = lookup(aws_lb.l, "name", "none")
              output = lookup(module.m, "a", "none")
              absent = lookup(module.m, "b", "none")
            }
            "#,
        ),
        ("m/main.tf", "output \"a\" {\n  value = 1\n}\n"),
    ]);
    assert_eq!(run.problems(), Vec::<String>::new());
    for (name, value) in run.get("a_b.x").as_object().unwrap() {
        let unknown = value.get("$unknown").map(ToString::to_string).unwrap_or_default();
        assert!(unknown.contains("known after deployment"), "{name}: {value}");
    }
    assert_eq!(run.get("a_b.known"), json!({"name": "web", "output": 1, "absent": "none"}));
}
