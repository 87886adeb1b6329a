//! A plan gives the same verdicts, hops and readers as the code that it was made of.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(path)
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(data("plans")).unwrap().map(|entry| entry.unwrap());
    let directories = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = directories.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            fs::copy(&entry, target).unwrap();
        }
    }
}

/// A directory with the code of a plan, the plan itself, or both.
fn project(name: &str, with_code: bool, with_plan: bool) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let own = data(&format!("plans/{name}/code"));
    if with_code {
        let code = if own.is_dir() { own } else { data(&format!("twins/{name}/terraform")) };
        copy(&code, directory.path());
    }
    let add = |from: &str, to: &str| {
        let from = data(&format!("plans/{name}/{from}"));
        if from.is_file() {
            fs::copy(from, directory.path().join(to)).unwrap();
        }
    };
    if with_plan {
        add("plan.json", "plan.json");
    } else {
        add("values.tfvars.json", "terraform.tfvars.json");
    }
    directory
}

fn run(directory: &Path, arguments: &[&str]) -> Json {
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(arguments).current_dir(directory).output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", directory.display(), String::from_utf8_lossy(&output.stderr)))
}

/// What must be the same, a line each.
fn essence(report: &Json) -> BTreeSet<String> {
    let list = |value: &Json| value.as_array().unwrap().clone();
    let address = |id: &Json| report["nodes"][usize::try_from(id.as_u64().unwrap()).unwrap()]["address"].clone();
    let mut lines = BTreeSet::new();
    for claim in list(&report["claims"]) {
        lines.insert(format!("verdict {} {} {}", claim["name"], claim["verdict"], claim["sentence"]));
        for reader in list(&claim["readers"]) {
            lines.insert(format!("reader {} {} {}", reader["party"], reader["certain"], reader["rule"]));
        }
    }
    for hop in list(&report["hops"]) {
        let how = format!("{} {} {} {}", hop["transport"], hop["tls_min"], hop["verified"], hop["port"]);
        let ends = format!("{} to {}", address(&hop["from"]), address(&hop["to"]));
        lines.insert(format!("hop {ends}: {how} {} {}", hop["segment"], hop["bypass"]));
    }
    for finding in list(&report["findings"]) {
        lines.insert(format!("finding {} {}", finding["severity"], finding["message"]));
    }
    lines
}

/// A text with one unknown part is unknown as a whole in a plan: without the code, what stands beside that part is lost.
const KNOWN_LESS: [&str; 1] = ["rds-behind-ecs"];

#[test]
fn a_plan_says_what_its_code_says() {
    let names = names();
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        let code = essence(&run(project(&name, true, false).path(), &["--format", "json"]));
        assert!(code.iter().any(|line| line.starts_with("hop ")), "{name}: there is a hop");
        for with_code in [false, true] {
            let report = run(project(&name, with_code, true).path(), &["--format", "json"]);
            let stack = &report["stacks"][0];
            assert_eq!(stack["language"], "terraform-plan", "{name}: {stack}");
            let plan = essence(&report);
            let only_code: Vec<_> = code.difference(&plan).collect();
            let only_plan: Vec<_> = plan.difference(&code).collect();
            if !with_code && KNOWN_LESS.contains(&name.as_str()) {
                assert!(!only_plan.iter().any(|line| line.contains("\"holds\"")), "{name}: {only_plan:#?}");
                continue;
            }
            assert!(
                only_code.is_empty() && only_plan.is_empty(),
                "{name}: {only_code:#?} and in the plan {only_plan:#?}"
            );
        }
    }
}

#[test]
fn findings_of_a_plan_point_into_the_code_beside_it() {
    let report = run(project("keyed-modules", true, true).path(), &["--format", "json"]);
    let findings = report["findings"].as_array().unwrap();
    let plaintext = findings.iter().find(|finding| finding["rule"] == "plaintext-hop").unwrap();
    assert_eq!(plaintext["location"]["file"], "service/main.tf", "{plaintext}");
    let alone = run(project("keyed-modules", false, true).path(), &["--format", "json"]);
    assert_eq!(alone["findings"][0]["location"]["file"], "plan.json");
}

#[test]
fn sensitive_values_of_a_plan_are_not_shown() {
    let resources = run(project("keyed-modules", false, true).path(), &["resources", "--format", "json"]);
    let text = resources.to_string();
    assert!(text.contains("$sensitive") && !text.contains("not-a-secret"), "{text}");
}

#[test]
fn a_plan_that_is_older_than_the_code_is_said_so() {
    let directory = project("keyed-modules", true, true);
    fs::write(directory.path().join("more.tf"), "resource \"aws_lb\" \"more\" {}\n").unwrap();
    let report = run(directory.path(), &["--format", "json"]);
    let problems = report["problems"].to_string();
    assert!(problems.contains("lacks aws_lb.more"), "{problems}");
    assert_eq!(report["stacks"][0]["language"], "terraform", "the code is judged");
    let resources = run(directory.path(), &["resources", "--format", "json"]).to_string();
    assert!(resources.contains("aws_lb.more"), "{resources}");
}

#[test]
fn what_is_no_plan_is_a_problem_and_no_crash() {
    let start = r#"{"format_version":"1.2","terraform_version":"1.11.4""#;
    let texts = [
        start.to_owned(),
        format!("{start},\"values\":{{}}}}"),
        format!("{start},\"planned_values\":7}}"),
        format!("{start},\"planned_values\":{{\"root_module\":{}1{}}}}}", "[".repeat(5000), "]".repeat(5000)),
    ];
    for text in texts {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("plan.json"), &text).unwrap();
        let report = run(directory.path(), &["--format", "json"]);
        assert!(report["problems"].to_string().contains("plan.json"), "{text}");
    }
}
