//! The same infrastructure in both languages gives the same nodes, hops, readers, verdicts and sentences.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn report(directory: &Path) -> Json {
    let output =
        Command::new(env!("CARGO_BIN_EXE_e2e-lint")).args(["--format", "json", "."]).current_dir(directory).output();
    let output = output.unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", directory.display(), String::from_utf8_lossy(&output.stderr)))
}

/// What both languages must agree on, with addresses renamed by `names`.
#[derive(Debug, PartialEq)]
struct Essence {
    nodes: BTreeSet<String>,
    verdicts: BTreeMap<String, String>,
    sentences: BTreeSet<String>,
    paths: BTreeSet<String>,
    hops: BTreeSet<String>,
    readers: BTreeSet<String>,
    findings: BTreeSet<String>,
}

fn essence(report: &Json, names: &BTreeMap<String, String>) -> Essence {
    let rename = |text: &str| {
        let mut longest_first: Vec<_> = names.iter().collect();
        longest_first.sort_by_key(|(address, _)| std::cmp::Reverse(address.len()));
        longest_first.into_iter().fold(text.to_owned(), |text, (address, id)| text.replace(address.as_str(), id))
    };
    let list = |value: &Json| value.as_array().unwrap().clone();
    let address = |id: &Json| {
        rename(report["nodes"][usize::try_from(id.as_u64().unwrap()).unwrap()]["address"].as_str().unwrap())
    };
    let claims = list(&report["claims"]);
    Essence {
        nodes: list(&report["nodes"])
            .iter()
            .map(|node| {
                let what = format!("{} {} {}", node["kind"], node["operator"], node["reads"]);
                format!("{}: {what} {}", rename(node["address"].as_str().unwrap()), node["why"])
            })
            .collect(),
        verdicts: claims.iter().map(|claim| (claim["name"].to_string(), claim["verdict"].to_string())).collect(),
        sentences: claims.iter().map(|claim| rename(claim["sentence"].as_str().unwrap())).collect(),
        paths: list(&report["paths"])
            .iter()
            .map(|path| {
                let ends = format!("{} to {}", address(&path["from"]), address(&path["to"]));
                format!(
                    "{ends}: {} {} {}",
                    path["in_transit"],
                    path["end_to_end"],
                    rename(path["sentence"].as_str().unwrap())
                )
            })
            .collect(),
        hops: list(&report["hops"])
            .iter()
            .map(|hop| {
                let (from, to) = (address(&hop["from"]), address(&hop["to"]));
                let how = format!("{} {} {} {}", hop["transport"], hop["tls_min"], hop["verified"], hop["port"]);
                let which = format!(
                    "{} {} {}",
                    hop["segment"],
                    hop["bypass"],
                    rename(hop["when"].as_str().unwrap_or("always"))
                );
                let mut via: BTreeSet<String> =
                    list(&hop["via"]).iter().map(|address| rename(address.as_str().unwrap())).collect();
                // What is a resource of its own in one language may be a part of the node in the other.
                via.retain(|address| *address != from && *address != to);
                format!("{from} to {to}: {how} {which} {} {via:?}", hop["default"])
            })
            .collect(),
        readers: claims
            .iter()
            .flat_map(|claim| list(&claim["readers"]))
            .map(|reader| {
                format!("{} {} {}", rename(reader["party"].as_str().unwrap()), reader["certain"], reader["rule"])
            })
            .collect(),
        findings: list(&report["findings"])
            .iter()
            .map(|finding| format!("{} {}", finding["severity"], rename(finding["message"].as_str().unwrap())))
            .collect(),
    }
}

/// The lines that only one of the two has.
fn difference(terraform: &Essence, cloudformation: &Essence) -> String {
    let (first, second) = (format!("{terraform:#?}"), format!("{cloudformation:#?}"));
    let only = |mine: &str, other: &str, sign: &str| {
        let other: BTreeSet<&str> = other.lines().collect();
        mine.lines().filter(|line| !other.contains(line)).map(|line| format!("{sign}{line}\n")).collect::<String>()
    };
    only(&first, &second, "terraform      ") + &only(&second, &first, "cloudformation ")
}

fn twins() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/twins");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.filter(|path| path.join("names.json").is_file()).collect();
    found.sort();
    found
}

#[test]
fn both_languages_say_the_same() {
    let found = twins();
    let mut wrong = Vec::new();
    for twin in found {
        let names = std::fs::read_to_string(twin.join("names.json")).unwrap();
        let names: BTreeMap<String, String> = serde_json::from_str(&names).unwrap();
        let terraform = essence(&report(&twin.join("terraform")), &names);
        let cloudformation = essence(&report(&twin.join("cloudformation")), &BTreeMap::new());
        assert!(!terraform.paths.is_empty(), "{}: there is a path", twin.display());
        if terraform != cloudformation {
            wrong.push(format!("{}:\n{}", twin.display(), difference(&terraform, &cloudformation)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Types that Terraform has nothing of its own for, with the reason.
const WITHOUT_A_TWIN: [(&str, &str); 2] = [
    ("AWS::Serverless::", "SAM is CloudFormation only"),
    ("AWS::CloudFormation::", "stacks are not resources of a path"),
];

#[test]
fn every_type_of_cloudformation_that_is_read_has_a_twin() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let twins: String =
        files(&root.join("testdata/twins")).iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let said = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != ':');
        words.filter(|word| word.starts_with("AWS::") && word.matches("::").count() == 2).map(str::to_owned).collect()
    };
    let in_twins = said(&twins);
    let mut read = BTreeSet::new();
    for file in files(&root.join("src/services")) {
        read.extend(said(&std::fs::read_to_string(file).unwrap()));
    }
    assert!(read.len() > 150, "types are found: {}", read.len());
    let excused = |of: &&String| WITHOUT_A_TWIN.iter().any(|(start, _)| of.starts_with(start));
    let missing: Vec<_> = read.difference(&in_twins).filter(|of| !excused(of)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
