//! Expressions with the values that Terraform gives them, recorded by `tests/terraform/record.py`.
//!
//! All of them are outputs of one root module; each must be equal, or stand in `testdata/expressions/unequal.txt` with a reason.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own data and may fail")]

use e2e_lint::source::{Memory, Sources};
use e2e_lint::terraform::{Options, stacks};
use e2e_lint::value::{Kind, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Expression to its JSON; `None` where Terraform refuses it.
fn recorded() -> BTreeMap<String, Option<String>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/expressions");
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        for line in fs::read_to_string(path).unwrap().lines() {
            let row: Json = serde_json::from_str(line).unwrap();
            let json = row.get("json").map(|json| json.as_str().unwrap().to_owned());
            found.insert(row["expression"].as_str().unwrap().to_owned(), json);
        }
    }
    found
}

fn describe(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => text.to_string(),
        Kind::Unknown(unknown) => format!("unknown: {}", unknown.message()),
        other => format!("{other:?}").chars().take(200).collect(),
    }
}

#[test]
fn expressions_have_the_values_that_terraform_gives_them() {
    let recorded = recorded();
    assert!(recorded.len() >= 1_500, "{}", recorded.len());
    let mut code = String::new();
    for (number, expression) in recorded.keys().enumerate() {
        // Values that are marked sensitive are compared all the same.
        code.push_str(&format!("output \"o{number}\" {{\n  value = try(jsonencode({expression}), \"!\")\n}}\n"));
    }
    let sources = Sources::new();
    let stacks =
        stacks(&["main.tf".to_owned()], &Memory::from_iter([("main.tf", code)]), &sources, &[Options::default()])
            .concat();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/expressions/unequal.txt");
    let listed = fs::read_to_string(list).unwrap_or_default();
    let listed: Vec<&str> = listed.lines().filter_map(|line| line.split_once(" # ")).map(|(e, _)| e).collect();
    let mut wrong = Vec::new();
    for (number, (expression, json)) in recorded.iter().enumerate() {
        let ours = stacks[0].outputs.get(format!("o{number}").as_str()).map(describe);
        let ours = ours.unwrap_or_else(|| "not parsed".to_owned());
        let theirs = json.as_deref().unwrap_or("!");
        let refused = json.is_none() && ours == "not parsed";
        if ours != theirs && !refused && !listed.contains(&expression.as_str()) {
            wrong.push(format!("{expression}\n    Terraform {theirs}\n    here      {ours}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), recorded.len(), wrong.join("\n"));
    assert!(listed.len() * 100 <= recorded.len(), "at most 1 % may be listed, and {} are", listed.len());
}
