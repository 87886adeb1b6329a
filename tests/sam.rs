//! SAM templates give the same hops and verdicts as what the official transform makes of them.
//!
//! `tests/cloudformation/sam.py record` writes the `expanded.json` beside each template. A template that stands in
//! `testdata/sam/unequal.txt` differs for the reason given there.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "a test reads its own data")]

use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
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

#[test]
fn templates_and_their_expansions_give_the_same_paths() -> io::Result<()> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sam");
    let listed = fs::read_to_string(data.join("unequal.txt"))?;
    let listed: BTreeSet<&str> =
        listed.lines().filter_map(|line| line.split_once(" # ")).map(|(name, _)| name).collect();
    let mut compared = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(&data)? {
        let directory = entry?.path();
        let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !directory.is_dir() || listed.contains(name.as_str()) {
            continue;
        }
        let (written, expanded) = (facts(&directory, "template.yaml")?, facts(&directory, "expanded.json")?);
        compared += 1;
        for fact in written.symmetric_difference(&expanded) {
            let side = if written.contains(fact) { "as written" } else { "expanded" };
            wrong.push(format!("{name}: only {side}: {fact}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 30, "{compared} are compared");
    assert!(listed.len() * 10 <= compared, "at most a tenth may differ");
    Ok(())
}
