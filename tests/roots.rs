//! Root modules with the plans that Terraform makes of them, recorded by `tests/terraform/record_roots.py`.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own data and may fail")]

use e2e_lint::resource::Existence;
use e2e_lint::source::{Files, ReadError, Sources, normalize};
use e2e_lint::terraform::{Options, stacks};
use e2e_lint::value::render;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of one root; paths are relative to it.
struct Root(PathBuf);

impl Root {
    fn collect(&self, directory: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.collect(&path, found);
            } else {
                found.push(path.strip_prefix(&self.0).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }

    fn all(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.collect(&self.0, &mut found);
        found.sort();
        found
    }
}

impl Files for Root {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        fs::read(self.0.join(normalize(path))).map_err(|_| ReadError::NotFound)
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        Ok(self.walk(directory)?.into_iter().filter(|path| !path.contains('/')).collect())
    }

    fn walk(&self, directory: &str) -> Result<Vec<String>, ReadError> {
        let directory = normalize(directory);
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        Ok(self.all().into_iter().filter_map(|path| path.strip_prefix(&prefix).map(str::to_owned)).collect())
    }
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
    let root = Root(directory.to_owned());
    let sources = Sources::new();
    let stacks = stacks(&root.all(), &root, &sources, &[Options::default()]).concat();
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
