//! Documents that claim encryption, held against the claims.
#![cfg(test)]

use serde_json::Value as Json;
use std::path::Path;
use std::process::Command;

fn report(directory: &Path) -> Json {
    let output =
        Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(["--format", "json", "."]).current_dir(directory).output();
    serde_json::from_slice(&output.unwrap().stdout).unwrap()
}

fn lint(files: &[(&str, &str)]) -> Json {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    report(directory.path())
}

fn on_sentences(report: &Json) -> Vec<&Json> {
    report["findings"].as_array().unwrap().iter().filter(|row| row["rule"] == "unbacked-sentence").collect()
}

#[test]
fn a_sentence_on_a_broken_claim_is_an_error_at_the_sentence() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios");
    let report = report(&scenarios.join("hop-by-hop-documented-as-end-to-end"));
    let found = on_sentences(&report);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["severity"], "error");
    assert_eq!(found[0]["claim"], "customer-traffic");
    assert_eq!(found[0]["location"]["file"], "README.md");
    assert_eq!(found[0]["location"]["start"]["line"], 3);
    assert_eq!(found[0]["location"]["start"]["column"], 66);
}

#[test]
fn globs_count_from_the_claims_file_and_must_match() {
    let claims = "version: 1\ndocs: [\"docs/**/*.md\", \"none/*.md\", \"NONE.md\"]\n";
    let report = lint(&[
        ("main.tf", "resource \"aws_lb\" \"a\" {}\n"),
        ("e2e-lint.yaml", claims),
        ("docs/a/b.md", "Everything is end-to-end encrypted.\n"),
        ("docs/c.md", "Everything is zero-knowledge.\n"),
        ("other.md", "Everything is end-to-end encrypted.\n"),
    ]);
    let files: Vec<_> = on_sentences(&report).iter().map(|row| row["location"]["file"].clone()).collect();
    assert_eq!(files, ["docs/a/b.md", "docs/c.md"]);
    assert_eq!(report["problems"].as_array().unwrap().len(), 2, "{}", report["problems"]);
}

#[test]
fn own_words_count_and_wrong_globs_are_refused() {
    let claims = "version: 1\ndocs: [a.md]\nwords:\n  end-to-end: [only you can read]\n";
    let files =
        [("main.tf", "resource \"aws_lb\" \"a\" {}\n"), ("e2e-lint.yaml", claims), ("a.md", "Only you can read it.\n")];
    assert_eq!(on_sentences(&lint(&files)).len(), 1);
    let report = lint(&[files[0], ("e2e-lint.yaml", "version: 1\ndocs: [\"a[\"]\n"), files[2]]);
    assert!(report["problems"].to_string().contains("no glob"), "{}", report["problems"]);
}

#[test]
fn an_accepted_sentence_is_named_by_its_document() {
    let claims = "version: 1\ndocs: [a.md]\nignore:\n  - {rule: unbacked-sentence, address: a.md, because: history}\n";
    let report = lint(&[
        ("main.tf", "resource \"aws_lb\" \"a\" {}\n"),
        ("e2e-lint.yaml", claims),
        ("a.md", "It was end-to-end encrypted.\n<!-- e2e-lint: claim x -->\n"),
    ]);
    let found = on_sentences(&report);
    assert_eq!(found.len(), 1, "only the comment: {found:?}");
    assert_eq!(found[0]["message"], "there is no claim named x");
    assert_eq!(found[0]["suppressed"], "history");
}

#[test]
fn comments_and_descriptions_of_code_are_checked_where_docs_names_them() {
    let code = "# Everything is end-to-end encrypted.\nresource \"aws_lb\" \"a\" {}\n\n# Not end-to-end encrypted.\nvariable \"x\" {\n  description = \"Whether traffic is encrypted in transit.\"\n}\n";
    let template = "Description: |\n  Our zero-knowledge\n  store.\nResources:\n  A: {Type: AWS::EC2::Instance}\n";
    let lint = |docs: &str| {
        let claims = format!("version: 1\ndocs: [{docs}]\n");
        let report = lint(&[("main.tf", code), ("t.yaml", template), ("e2e-lint.yaml", &claims)]);
        let found = on_sentences(&report).into_iter();
        found.map(|row| format!("{}:{}", row["location"]["file"], row["location"]["start"]["line"])).collect::<Vec<_>>()
    };
    assert!(lint("").is_empty());
    assert_eq!(lint("\"*.tf\", \"*.yaml\""), ["\"main.tf\":1", "\"main.tf\":6", "\"t.yaml\":2"]);
}
