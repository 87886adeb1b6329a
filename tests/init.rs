//! `e2e-lint init` writes claims files that can be used and whose claims hold.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(arguments).current_dir(directory).output().unwrap()
}

fn printed(directory: &Path) -> String {
    let output = run(directory, &["init", "."]);
    assert_eq!(output.status.code(), Some(0), "{}: {}", directory.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn directories(below: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(below).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn projects() -> Vec<PathBuf> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let twins = directories(&testdata.join("twins")).into_iter().flat_map(|twin| directories(&twin));
    let mut found = directories(&testdata.join("scenarios"));
    found.extend(twins);
    found
}

#[test]
fn the_claims_that_it_writes_hold() {
    let scratch = tempfile::tempdir().unwrap();
    let mut holding = 0;
    for (number, project) in projects().into_iter().enumerate() {
        let file = scratch.path().join(format!("{number}.yaml"));
        std::fs::write(&file, printed(&project)).unwrap();
        let output = run(&project, &["--config", file.to_str().unwrap(), "--format", "json", "."]);
        assert_ne!(output.status.code(), Some(2), "{}: {}", project.display(), String::from_utf8_lossy(&output.stdout));
        let report: Json = serde_json::from_slice(&output.stdout).unwrap();
        for claim in report["claims"].as_array().unwrap().iter().filter(|claim| claim["declared"] == true) {
            assert_eq!(claim["verdict"], "holds", "{}: {claim}", project.display());
            holding += 1;
        }
    }
    assert!(holding >= 20, "{holding} claims hold");
}

/// Out of its comment the next claim can be read too; it does not hold.
#[test]
fn what_is_stronger_stands_as_a_comment() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/shop");
    let text = printed(&shop);
    assert!(text.contains("claims: []"), "{text}");
    assert!(text.contains("##   the load balancer (aws_lb.web) can read it"), "{text}");
    let claims: String = text.lines().filter_map(|line| Some(format!("  {}\n", line.strip_prefix("  # ")?))).collect();
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("claims.yaml");
    std::fs::write(&file, format!("version: 1\nclaims:\n{claims}")).unwrap();
    let output = run(&shop, &["--config", file.to_str().unwrap(), "--format", "json", "."]);
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    let declared: Vec<_> = report["claims"].as_array().unwrap().iter().filter(|row| row["declared"] == true).collect();
    assert_eq!(declared.len(), 2, "{claims}\n{text}");
    assert!(declared.iter().all(|row| row["verdict"] == "broken"), "{declared:?}");
}

#[test]
fn a_file_that_is_there_is_not_overwritten() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), "resource \"aws_lb\" \"a\" {}\n").unwrap();
    let write = ["init", "--write", "e2e-lint.yaml"];
    assert_eq!(run(directory.path(), &write).status.code(), Some(0));
    assert_eq!(run(directory.path(), &write).status.code(), Some(2));
    assert_eq!(run(directory.path(), &["init", "--write", "other.yaml", "none"]).status.code(), Some(2));
}
