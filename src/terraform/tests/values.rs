//! Values through variables, locals, modules and loops, and what of them is not known.

use super::*;

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
            "xs": {"$choice": [{"when": "var.sets", "value": {"$ref": "aws_x.b[*].id"}}, {"when": "!var.sets", "value": []}]},
            "both": {"$choice": [{"when": "var.env == \"prod\"", "value": 2}, {"when": "!(var.env == \"prod\")", "value": 3}]},
        })
    );
}

#[test]
fn an_element_of_an_unknown_number_may_not_be_there() {
    let run = run(&[(
        "main.tf",
        r#"
        variable "n" {}
        variable "other" {}
        resource "aws_x" "b" {
          count = var.n
          first = count.index == 0 ? "yes" : "no"
        }
        resource "aws_y" "c" {
          tried  = try(aws_x.b[0].id, "none")
          can    = can(aws_x.b[0]) ? "yes" : "no"
          one    = one(aws_x.b[*].id)
          looped = one([for b in aws_x.b : b.id])
          joined = join("", aws_x.b[*].id)
          plain  = aws_x.b[0].id
          many   = "${aws_x.b[0].id}${aws_x.b[1].id}${aws_x.b[2].id}${aws_x.b[3].id}${aws_x.b[4].id}${aws_x.b[5].id}"
        }
        resource "aws_y" "d" {
          count = var.n
          first = count.index == 0 ? aws_x.b[var.other].first : "no"
        }
        "#,
    )]);
    let c = run.get("aws_y.c");
    let choice = |when: &str, there: Json, absent: Json| {
        let negated = if when.contains(' ') { format!("!({when})") } else { format!("!{when}") };
        json!({"$choice": [{"when": when, "value": there}, {"when": negated, "value": absent}]})
    };
    let id = || json!({"$ref": "aws_x.b.id"});
    assert_eq!(c["tried"], choice("aws_x.b[0] exists", id(), json!("none")));
    assert_eq!(c["can"], choice("aws_x.b[0] exists", json!("yes"), json!("no")));
    assert_eq!(c["one"], choice("var.n", id(), json!(null)));
    assert_eq!(c["looped"], choice("var.n", id(), json!(null)));
    assert_eq!(c["joined"]["$choice"][1], json!({"when": "!var.n", "value": ""}));
    assert_eq!(c["plain"], id());
    assert_eq!(c["many"]["$template"].as_array().map(Vec::len), Some(6), "{}", c["many"]);
    // Which one is first is another question for each block.
    let first = run.get("aws_y.d");
    let branches = first["first"]["$choice"].as_array().unwrap();
    let values: Vec<_> = branches.iter().map(|branch| branch["value"].as_str().unwrap_or("?")).collect();
    assert_eq!(values, ["yes", "no", "no"], "{first}");
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

#[test]
fn items_hang_on_the_condition_of_their_for() {
    let run = run(&[(
        "main.tf",
        r#"
        data "aws_lb" "found" {}
        locals {
          one  = { for k, v in { a = 1, b = 2 } : k => v if data.aws_lb.found.internal }
          own  = { for k, v in { a = data.aws_lb.found.x, b = data.aws_lb.found.y, c = true } : k => k if v }
          many = [for v in [data.aws_lb.found.x, data.aws_lb.found.y, data.aws_lb.found.z] : v if v]
        }
        resource "a_b" "one" {
          for_each = local.one
          v        = each.value
        }
        resource "a_b" "own" { for_each = local.own }
        resource "a_b" "many" { v = local.many }
        "#,
    )]);
    let shown: Vec<_> = run.stacks[0]
        .resources
        .iter()
        .filter(|resource| &*resource.type_name == "a_b")
        .map(|resource| match &resource.exists {
            Existence::Certain => resource.address.to_string(),
            Existence::Conditional(when) => format!("{} if {}", resource.address, when.text()),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a_b.many",
            "a_b.one[\"a\"] if data.aws_lb.found.internal",
            "a_b.one[\"b\"] if data.aws_lb.found.internal",
            "a_b.own[\"a\"] if data.aws_lb.found.x && data.aws_lb.found.y || data.aws_lb.found.x && !data.aws_lb.found.y",
            "a_b.own[\"b\"] if data.aws_lb.found.x && data.aws_lb.found.y || !data.aws_lb.found.x && data.aws_lb.found.y",
            "a_b.own[\"c\"]",
        ]
    );
    assert_eq!(run.get("a_b.one[\"b\"]"), json!({"v": 2}));
}

#[test]
fn json_is_read_around_what_is_not_known_yet() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "aws_lb" "l" {}
        locals {
          text = jsonencode({ a = aws_lb.l.arn, b = ["x", { c = "https://${aws_lb.l.dns_name}/\"" }], d = 5 })
          hole = "{\"${aws_lb.l.name}\": 1}"
          bare = "{\"a\": ${aws_lb.l.num}, \"b\": 2}"
        }
        resource "a_b" "x" {
          all  = jsondecode(local.text)
          hole = jsondecode(local.hole)
          bare = jsondecode(local.bare)
          tail = jsondecode(aws_lb.l.text)
        }
        "#,
    )]);
    let body = run.get("a_b.x");
    let deep = json!({"c": {"$template": ["https://", {"$ref": "aws_lb.l.dns_name"}, "/\""]}});
    assert_eq!(body["all"], json!({"a": {"$ref": "aws_lb.l.arn"}, "b": ["x", deep], "d": 5}));
    for name in ["hole", "bare", "tail"] {
        assert!(body[name].get("$unknown").is_some(), "{name}: {}", body[name]);
    }
}

#[test]
fn sorting_keeps_the_number_and_the_references() {
    let run = run(&[(
        "main.tf",
        r#"
        resource "aws_subnet" "s" { count = 2 }
        resource "a_b" "x" {
          v = sort(aws_subnet.s[*].id)
          n = length(distinct(sort(concat(aws_subnet.s[*].id, ["subnet-1"]))))
        }
        "#,
    )]);
    let resource = run.stacks[0].resources.iter().find(|resource| resource.address.to_string() == "a_b.x").unwrap();
    let sorted = resource.body.get("v").unwrap().as_list().unwrap().to_vec();
    assert_eq!(sorted.len(), 2);
    for element in &sorted {
        let targets: Vec<_> = element.references().iter().map(|reference| reference.text()).collect();
        assert_eq!(targets, ["aws_subnet.s[0].id", "aws_subnet.s[1].id"]);
    }
}

#[test]
fn what_comes_of_a_reference_may_be_refused() {
    let body = run(&[(
        "main.tf",
        r#"
        resource "a_b" "x" { count = 2 }
        resource "a_b" "y" {
          whole   = can(a_b.x[0].id)
          text    = can("${a_b.x[0].id}-${a_b.x[1].id}")
          as_text = can(tostring(a_b.x[0].id))
          maybe   = can(tostring(a_b.x[0].list)) ? 1 : 2
          number  = can(tonumber(a_b.x[0].id)) ? 1 : 2
          element = can(a_b.x[0].list[5]) ? 1 : 2
          first   = can(coalesce("", "${a_b.x[0].id}")) ? 1 : 2
        }
        "#,
    )])
    .get("a_b.y");
    for sure in ["whole", "text", "as_text"] {
        assert_eq!(body[sure], true, "{sure}");
    }
    for open in ["number", "element", "first", "maybe"] {
        assert!(body[open]["$choice"].is_array(), "{open}: {}", body[open]);
    }
}

#[test]
fn the_results_of_an_open_condition_have_one_type() {
    let run = run(&[(
        "main.tf",
        r#"
        variable "u" { type = bool }
        variable "settings" {
          type    = map(object({ of = map(any) }))
          default = { a = { of = { p = 1 } }, b = { of = { r = "x" } } }
        }
        resource "a_b" "x" {
          number = var.u ? 1 : "a"
          list   = var.u ? [1, 2] : ["a"]
          of     = var.settings["a"].of
        }
        "#,
    )]);
    let body = run.get("a_b.x");
    let values = |name: &str| json!([body[name]["$choice"][0]["value"], body[name]["$choice"][1]["value"]]);
    assert_eq!(values("number"), json!(["1", "a"]));
    assert_eq!(values("list"), json!([["1", "2"], ["a"]]));
    assert_eq!(body["of"], json!({"p": "1"}), "`any` is one type for the whole collection");
}

#[test]
fn an_argument_may_have_another_type_than_its_text() {
    let body = run(&[(
        "main.tf",
        r#"
        resource "a_b" "x" {
          port = "80"
          on   = true
        }
        resource "a_b" "y" {
          port  = a_b.x.port == 80 ? "y" : "n"
          on    = a_b.x.on == "true" ? "y" : "n"
          other = a_b.x.port == 81 ? "y" : "n"
          same  = a_b.x.port == "80" ? "y" : "n"
          plain = "80" == 80 ? "y" : "n"
        }
        "#,
    )])
    .get("a_b.y");
    assert_eq!(body["port"]["$choice"][0], json!({"when": "a_b.x.port == 80", "value": "y"}));
    assert!(body["on"]["$choice"].is_array(), "{body}");
    assert_eq!([&body["other"], &body["same"], &body["plain"]], ["n", "y", "n"]);
}
