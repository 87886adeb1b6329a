//! Patterns that a naive linter gets wrong: one small infrastructure a trap, with what must and must not be said of it.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The lists of traps, and how many each holds.
const LISTS: [(&str, u32); 2] = [("edge", 28), ("compute", 32)];

fn directories() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/traps");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.join("expected.json").is_file()).collect();
    found.sort();
    found
}

fn name(directory: &Path) -> String {
    directory.file_name().unwrap().to_string_lossy().into_owned()
}

fn expected(directory: &Path) -> Json {
    let text = std::fs::read_to_string(directory.join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
}

/// The report, with addresses in place of node numbers.
fn report(directory: &Path) -> Json {
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["--format", "json", "."])
        .current_dir(directory)
        .output()
        .unwrap();
    let mut report: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{}: {error}\n{}", directory.display(), String::from_utf8_lossy(&output.stderr))
    });
    let nodes = rows(&report["nodes"]).to_vec();
    for list in ["hops", "paths"] {
        for row in report[list].as_array_mut().unwrap() {
            for end in ["from", "to"] {
                let node = nodes.iter().find(|node| node["id"] == row[end]).unwrap();
                row[end] = node["address"].clone();
            }
        }
    }
    report
}

fn rows(list: &Json) -> &[Json] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Whether the row has every member that the pattern names.
fn matches(pattern: &Json, row: &Json) -> bool {
    match pattern.as_object() {
        Some(members) => members.iter().all(|(key, value)| row[key] == *value),
        None => row["address"] == *pattern,
    }
}

fn any_matches(pattern: &Json, found: &Json) -> bool {
    rows(found).iter().any(|row| matches(pattern, row))
}

/// What the report lacks or says too much, of what the expectation names.
fn differences(expected: &Json, report: &Json) -> Vec<String> {
    let mut wrong = Vec::new();
    for list in ["nodes", "hops", "paths"] {
        let missing = rows(&expected[list]).iter().filter(|pattern| !any_matches(pattern, &report[list]));
        wrong.extend(missing.map(|pattern| format!("lacks {list} {pattern}")));
        let absent = rows(&expected[format!("absent_{list}")]).iter();
        let present = absent.filter(|pattern| any_matches(pattern, &report[list]));
        wrong.extend(present.map(|pattern| format!("has {list} {pattern}")));
    }
    for party in rows(&expected["readers"]).iter().filter_map(Json::as_str) {
        let mut readers = rows(&report["paths"]).iter().flat_map(|path| rows(&path["readers"]));
        if !readers.any(|reader| reader.as_str().is_some_and(|reader| reader.contains(party))) {
            wrong.push(format!("lacks the reader {party}"));
        }
    }
    for (claim, verdict) in expected["claims"].as_object().into_iter().flatten() {
        if !any_matches(&json!({"name": claim, "verdict": verdict}), &report["claims"]) {
            wrong.push(format!("the claim {claim} is not {verdict}"));
        }
    }
    wrong
}

/// Where the report says `holds` and the expectation says otherwise.
fn unsound(expected: &Json, report: &Json) -> Vec<String> {
    let mut forbidden = Vec::new();
    for path in rows(&expected["paths"]) {
        for promise in ["in_transit", "end_to_end"] {
            let may_hold = rows(&expected["paths"])
                .iter()
                .any(|other| other["to"] == path["to"] && (other[promise] == "holds" || other[promise].is_null()));
            if !may_hold {
                forbidden.push(json!({"to": path["to"], promise: "holds"}));
            }
        }
    }
    let absent = rows(&expected["absent_paths"]).iter();
    forbidden.extend(absent.filter(|path| path["in_transit"] == "holds" || path["end_to_end"] == "holds").cloned());
    let paths = forbidden.iter().filter(|pattern| any_matches(pattern, &report["paths"]));
    let mut wrong: Vec<_> = paths.map(|pattern| format!("unsound: {pattern}")).collect();
    for (claim, verdict) in expected["claims"].as_object().into_iter().flatten() {
        if verdict != "holds" && any_matches(&json!({"name": claim, "verdict": "holds"}), &report["claims"]) {
            wrong.push(format!("unsound: the claim {claim} holds"));
        }
    }
    wrong
}

#[test]
fn no_trap_is_stepped_into() {
    let mut wrong = Vec::new();
    for directory in directories() {
        let (name, expected, report) = (name(&directory), expected(&directory), report(&directory));
        let mut found = unsound(&expected, &report);
        found.extend(differences(&expected, &report));
        wrong.extend(found.into_iter().map(|text| format!("{name}: {text}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_trap_of_the_lists_has_a_test() {
    let named: BTreeSet<_> =
        directories().iter().map(|path| expected(path)["trap"].as_str().unwrap().to_owned()).collect();
    for (list, count) in LISTS {
        for number in 1..=count {
            assert!(named.contains(&format!("{list} {number}")), "{list} {number}");
        }
    }
}
