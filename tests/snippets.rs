//! Small templates with the value that a property has by CloudFormation's rules.
//!
//! `tests/cloudformation/record.py` records what a second implementation answers; where that differs, the entry says why.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own data and may fail")]

use e2e_lint::cloudformation::{Options, stacks};
use e2e_lint::resource::{Existence, Stack};
use e2e_lint::source::{Memory, Sources};
use e2e_lint::value::render;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const PATH: &str = "template.yaml";

fn rows(directory: &Path) -> Vec<Json> {
    let paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "jsonl")).collect();
    paths.sort();
    let texts: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    texts.iter().flat_map(|text| text.lines()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The property of an entry, or where it names none whether the resource exists; null for what is not there.
fn found(stack: &Stack, row: &Json) -> Json {
    let wanted = row["logical_id"].as_str().unwrap();
    let resource = stack.resources.iter().find(|resource| resource.address.as_str() == wanted);
    match (row["property"].as_str(), resource) {
        (Some(property), Some(resource)) => resource.get(property).map_or(Json::Null, render),
        (Some(_), None) => Json::Null,
        (None, None) => json!(false),
        (None, Some(resource)) => match &resource.exists {
            Existence::Certain => json!(true),
            Existence::Conditional(when) => json!({"$when": when.text()}),
        },
    }
}

/// Of an unknown value the table holds a piece of what is said of it. Everything else is the same to the letter.
fn same(ours: &Json, expected: &Json) -> bool {
    match (ours, expected) {
        (Json::Object(ours), Json::Object(expected)) => {
            let piece = expected.get("$unknown").and_then(Json::as_str);
            if let (1, Some(piece), Some(said)) = (expected.len(), piece, ours.get("$unknown").and_then(Json::as_str)) {
                return ours.len() == 1 && said.contains(piece);
            }
            ours.keys().eq(expected.keys()) && ours.values().zip(expected.values()).all(|(one, other)| same(one, other))
        }
        (Json::Array(ours), Json::Array(expected)) => {
            ours.len() == expected.len() && ours.iter().zip(expected).all(|(one, other)| same(one, other))
        }
        _ => *ours == *expected,
    }
}

#[test]
fn properties_have_their_values() {
    let rows = rows(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/snippets"));
    assert!(rows.len() >= 400, "{}", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let files = Memory::from_iter([(PATH, row["template"].as_str().unwrap())]);
        let stacks = stacks(&[PATH.to_owned()], &files, &Sources::new(), &[Options::default()]).concat();
        let ours = stacks.first().map_or(Json::Null, |stack| found(stack, row));
        if !same(&ours, &row["expected"]) {
            wrong.push(format!("{} ({}): {ours}, and it is {}", row["id"], row["why"], row["expected"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn the_second_implementation_agrees_or_there_is_a_reason() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/snippets");
    let recorded: BTreeMap<String, bool> = rows(&directory.join("recorded"))
        .iter()
        .map(|row| (row["id"].as_str().unwrap().to_owned(), row["agrees"].as_bool().unwrap()))
        .collect();
    let rows = rows(&directory);
    assert_eq!(recorded.len(), rows.len());
    let differing = rows.iter().filter(|row| row.get("second").is_some()).count();
    for row in &rows {
        let agrees = recorded[row["id"].as_str().unwrap()];
        assert_eq!(agrees, row.get("second").is_none(), "{}", row["id"]);
    }
    assert!(differing * 10 <= rows.len(), "at most a tenth may differ, and {differing} do");
}
