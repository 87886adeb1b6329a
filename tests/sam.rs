//! SAM templates give the same hops and verdicts as what the official transform makes of them.
//!
//! `tests/cloudformation/sam.py record` writes the expansions beside the templates. A template that stands in
//! `testdata/sam/unequal.txt` differs for the reason given there.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "a test reads its own data")]

use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// Hops and paths by address, one a line.
fn facts(directory: &Path, template: &str) -> io::Result<BTreeSet<String>> {
    let done = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["--format", "json", template])
        .current_dir(directory)
        .output()?;
    let report: Json = serde_json::from_slice(&done.stdout)?;
    let rows = |name: &str| report[name].as_array().cloned().unwrap_or_default();
    let addresses: BTreeMap<u64, String> = rows("nodes")
        .iter()
        .filter_map(|node| Some((node["id"].as_u64()?, node["address"].as_str()?.to_owned())))
        .collect();
    let address =
        |row: &Json, end: &str| row[end].as_u64().and_then(|id| addresses.get(&id).cloned()).unwrap_or_default();
    let mut found = BTreeSet::new();
    for (kind, names) in [
        ("hops", &["transport", "tls_min", "verified", "segment", "bypass", "when"][..]),
        ("paths", &["in_transit", "end_to_end"][..]),
    ] {
        for row in rows(kind) {
            let said: Vec<String> = names.iter().map(|name| row[*name].to_string()).collect();
            found.insert(format!("{kind} {} -> {} {}", address(&row, "from"), address(&row, "to"), said.join(" ")));
        }
    }
    Ok(found)
}

/// Names and directories of templates with what the transform makes of them beside them.
type Cases = Vec<(String, PathBuf)>;

fn alone(data: &Path) -> io::Result<Cases> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(data)? {
        let directory = entry?.path();
        if directory.join("template.yaml").is_file() {
            let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
            cases.push((name, directory));
        }
    }
    Ok(cases)
}

/// A group is a file with many small templates: `--- # name: purpose` begins one, and what stands before the first begins
/// them all.
fn grouped(groups: &Path) -> io::Result<Cases> {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sam");
    let mut cases = Vec::new();
    for entry in fs::read_dir(groups)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(group) = file.strip_suffix(".yaml") else { continue };
        let text = fs::read_to_string(&path)?;
        let recorded = fs::read_to_string(groups.join(format!("{group}.expanded.jsonl")))?;
        let mut recorded = recorded.lines();
        let mut parts = text.split("\n--- # ");
        let shared = parts.next().unwrap_or_default();
        for part in parts {
            let (head, body) = part.split_once('\n').unwrap_or((part, ""));
            let name = head.split(':').next().unwrap_or(head);
            let row: Json = serde_json::from_str(recorded.next().unwrap_or("null"))?;
            assert_eq!(row["name"].as_str(), Some(name), "{group} is not what was recorded: sam.py record");
            let directory = scratch.join(group).join(name);
            fs::create_dir_all(&directory)?;
            fs::write(directory.join("template.yaml"), format!("{shared}\n{body}\n"))?;
            fs::write(directory.join("expanded.json"), row["template"].to_string())?;
            cases.push((format!("{group}/{name}"), directory));
        }
        assert_eq!(recorded.next(), None, "{group} is not what was recorded: sam.py record");
    }
    Ok(cases)
}

#[test]
fn templates_and_their_expansions_give_the_same_paths() -> io::Result<()> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sam");
    let listed = fs::read_to_string(data.join("unequal.txt"))?;
    let listed: BTreeSet<&str> =
        listed.lines().filter_map(|line| line.split_once(" # ")).map(|(name, _)| name).collect();
    let mut cases = alone(&data)?;
    cases.extend(grouped(&data.join("groups"))?);
    let (mut compared, mut with_paths) = (0, 0);
    let mut wrong = Vec::new();
    let mut stale = listed.clone();
    for (name, directory) in &cases {
        let (written, expanded) = (facts(directory, "template.yaml")?, facts(directory, "expanded.json")?);
        if listed.contains(name.as_str()) {
            if written != expanded {
                stale.remove(name.as_str());
            }
            continue;
        }
        compared += 1;
        with_paths += usize::from(written.iter().any(|fact| fact.starts_with("paths")));
        for fact in written.symmetric_difference(&expanded) {
            let side = if written.contains(fact) { "as written" } else { "expanded" };
            wrong.push(format!("{name}: only {side}: {fact}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(stale.is_empty(), "listed as unequal without being so: {stale:?}");
    assert!(compared >= 150, "{compared} are compared");
    assert!(with_paths * 10 >= compared * 9, "only {with_paths} of {compared} have a path");
    assert!(listed.len() * 10 <= compared, "at most a tenth may differ");
    Ok(())
}
