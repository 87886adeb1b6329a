//! Rule pages are tests: every example is linted with only its rule on, and the page must show what comes out.
//!
//! `UPDATE_PAGES=1 cargo test --test pages` rewrites the outputs.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read the pages")]

use e2e_lint::rules::RULES;
use serde_json::Value as Json;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const HEADINGS: [&str; 4] = ["## Why it matters", "## What to do", "## Examples", "## Limits"];

/// One `###` section below `## Examples`.
struct Example {
    title: String,
    /// File name and text.
    files: Vec<(String, String)>,
    /// The output fence's text, and the lines of the page that it covers (fences left out).
    output: String,
    lines: std::ops::Range<usize>,
}

fn examples(page: &str) -> Vec<Example> {
    let lines: Vec<&str> = page.lines().collect();
    let mut found: Vec<Example> = Vec::new();
    let mut title = String::new();
    let mut files = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if let Some(text) = lines[at].strip_prefix("### ") {
            title = text.to_owned();
        } else if let Some(info) = lines[at].strip_prefix("```") {
            let start = at + 1;
            let end = (start..lines.len()).find(|line| lines[*line] == "```").expect("every fence is closed");
            let text: String = lines[start..end].iter().map(|line| format!("{line}\n")).collect();
            match info.split_once(' ') {
                Some(("text", "output")) => found.push(Example {
                    title: title.clone(),
                    files: std::mem::take(&mut files),
                    output: text,
                    lines: start..end,
                }),
                Some((_, name)) => files.push((name.to_owned(), text)),
                None => {}
            }
            at = end;
        }
        at += 1;
    }
    found
}

/// `file:line:column: severity[rule]: message`, with the related places below.
fn lint(example: &Example, rule: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in &example.files {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["--format", "json", "--only", rule, "."])
        .current_dir(directory.path())
        .output()
        .unwrap();
    let report: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{}: {error}\n{}", example.title, String::from_utf8_lossy(&output.stderr));
    });
    let mut text = String::new();
    for finding in report["findings"].as_array().unwrap() {
        let place = place(&finding["location"]);
        let (severity, message) = (finding["severity"].as_str().unwrap(), finding["message"].as_str().unwrap());
        writeln!(text, "{place}{severity}[{rule}]: {message}").unwrap();
        for related in finding["related"].as_array().unwrap() {
            writeln!(text, "  {}{}", self::place(&related["location"]), related["message"].as_str().unwrap()).unwrap();
        }
    }
    for problem in report["problems"].as_array().unwrap() {
        writeln!(text, "{}problem: {}", place(&problem["location"]), problem["message"].as_str().unwrap()).unwrap();
    }
    text
}

fn place(location: &Json) -> String {
    match location["file"].as_str() {
        Some(file) => format!("{file}:{}:{}: ", location["start"]["line"], location["start"]["column"]),
        None => String::new(),
    }
}

fn check_shape(name: &str, page: &str, examples: &[Example]) {
    assert!(page.starts_with(&format!("# {name}\n\n")), "{name}: the title is the rule's name");
    let positions: Vec<_> = HEADINGS.iter().map(|heading| page.find(&format!("\n{heading}\n"))).collect();
    assert!(
        positions.iter().all(Option::is_some) && positions.is_sorted(),
        "{name}: headings are {HEADINGS:?}, in this order"
    );
    let has =
        |ending: &str| examples.iter().any(|example| example.files.iter().any(|(file, _)| file.ends_with(ending)));
    assert!(has(".tf"), "{name}: there is a Terraform example");
    let cloudformation = has("template.yaml") || has("template.json");
    assert!(
        cloudformation || page.contains("CloudFormation: does not apply, because"),
        "{name}: there is a CloudFormation example"
    );
    assert!(examples.iter().any(|example| !example.output.is_empty()), "{name}: one example fires");
    assert!(examples.iter().any(|example| example.output.is_empty()), "{name}: one example does not fire");
}

#[test]
fn every_example_gives_the_output_that_its_page_shows() {
    let mut wrong = String::new();
    for rule in RULES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("rules/{}.md", rule.name));
        let page = std::fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
        let found = examples(&page);
        for example in found.iter().rev() {
            let actual = lint(example, rule.name);
            if actual != example.output {
                writeln!(
                    wrong,
                    "rules/{}.md, {}:\n--- shown\n{}--- actual\n{actual}",
                    rule.name, example.title, example.output
                )
                .unwrap();
            }
            lines.splice(example.lines.clone(), actual.lines().map(str::to_owned));
        }
        if std::env::var_os("UPDATE_PAGES").is_some() {
            std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        } else {
            check_shape(rule.name, &page, &found);
        }
    }
    assert!(wrong.is_empty() || std::env::var_os("UPDATE_PAGES").is_some(), "{wrong}");
}

#[test]
fn every_page_belongs_to_a_rule() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for entry in std::fs::read_dir(directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let rule = name.trim_end_matches(".md");
        assert!(rule == "README" || RULES.iter().any(|known| known.name == rule), "{name} belongs to no rule");
    }
}
