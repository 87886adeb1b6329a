//! Root modules with the plans that Terraform makes of them, recorded by `tests/terraform/record_roots.py`.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own data and may fail")]

use e2e_lint::resource::Existence;
use e2e_lint::source::{Memory, Sources};
use e2e_lint::terraform::{Options, stacks};
use e2e_lint::value::render;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The files of one root by their path in it.
fn files(root: &Path) -> Memory {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.into_iter().collect()
}

/// Whether our value is the planned one; where the plan doesn't know, ours must be no plain value.
fn agrees(ours: &Json, planned: &Json, unknown: &Json) -> bool {
    let marker =
        ours.as_object().is_some_and(|object| object.len() == 1 && object.keys().all(|key| key.starts_with('$')));
    match (ours, planned, unknown) {
        (_, _, Json::Bool(true)) => marker,
        (Json::Object(_), _, _) if ours.get("$sensitive").is_some() => true,
        (Json::Array(ours), Json::Array(planned), _) => {
            ours.len() == planned.len()
                && ours
                    .iter()
                    .zip(planned)
                    .enumerate()
                    .all(|(at, (a, b))| agrees(a, b, unknown.get(at).unwrap_or(&Json::Null)))
        }
        (Json::Object(ours), Json::Object(planned), _) if !marker => {
            let unknown_at = |key: &str| unknown.get(key).unwrap_or(&Json::Null);
            let keys: BTreeSet<&String> = ours.keys().chain(planned.keys()).collect();
            keys.into_iter().all(|key| {
                ours.get(key)
                    .is_some_and(|value| agrees(value, planned.get(key).unwrap_or(&Json::Null), unknown_at(key)))
            })
        }
        (Json::Number(ours), Json::Number(planned), _) => ours.as_f64() == planned.as_f64(),
        _ => ours == planned,
    }
}

fn compare(name: &str, directory: &Path) -> Vec<String> {
    let plan: Json = serde_json::from_str(&fs::read_to_string(directory.join("plan.json")).unwrap()).unwrap();
    let planned = plan.as_object().unwrap();
    let files = files(directory);
    let sources = Sources::new();
    let stacks = stacks(&files.paths(), &files, &sources, &[Options::default()]).concat();
    let mut wrong = Vec::new();
    if stacks.len() != 1 {
        wrong.push(format!("{name}: {} stacks", stacks.len()));
    }
    let mut seen = BTreeSet::new();
    for resource in stacks.iter().flat_map(|stack| &stack.resources) {
        let address = resource.address.as_str();
        seen.insert(address.to_owned());
        let Some(row) = planned.get(address).filter(|_| resource.exists == Existence::Certain) else {
            wrong.push(format!("{name}: {address} is not planned"));
            continue;
        };
        let ours = resource.get("input").map_or(Json::Null, render);
        if !agrees(&ours, &row["input"], &row["unknown"]) {
            wrong.push(format!("{name}: {address} is {ours}, planned {} (unknown {})", row["input"], row["unknown"]));
        }
    }
    wrong.extend(
        planned
            .keys()
            .filter(|address| !seen.contains(*address))
            .map(|address| format!("{name}: {address} is missing")),
    );
    wrong.extend(stacks.iter().flat_map(|stack| &stack.problems).map(|problem| format!("{name}: {}", problem.message)));
    wrong
}

#[test]
fn roots_have_the_addresses_and_values_that_terraform_plans() {
    let roots = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/roots");
    let mut names: Vec<_> = fs::read_dir(&roots).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert!(names.len() >= 60, "{}", names.len());
    let wrong: Vec<String> = names.iter().flat_map(|name| compare(name.to_str().unwrap(), &roots.join(name))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
