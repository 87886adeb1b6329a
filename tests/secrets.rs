//! Whatever argument is marked as sensitive, no output tells its text: one place of the test data after the other is given a
//! sensitive value.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

const SECRET: &str = "hunter2.example";
const DECLARED: &str =
    "\nvariable \"kept_from_view\" {\n  sensitive = true\n}\nlocals {\n  kept_from_view = var.kept_from_view\n}\n";

/// An argument that is a text, in a file of the test data.
struct Place {
    file: PathBuf,
    line: usize,
    /// The line with the secret in place of the text.
    instead: String,
}

/// One place for every argument of every type.
fn places() -> Vec<Place> {
    let mut files = Vec::new();
    for kind in ["twins", "scenarios"] {
        gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(kind), &mut files);
    }
    files.sort();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut resource = None;
        for (line, content) in text.lines().enumerate() {
            if let Some(header) = ["resource \"", "data \""].iter().find_map(|start| content.strip_prefix(start)) {
                resource = header.split('"').next().map(str::to_owned);
            }
            let (Some(resource), Some((name, value))) = (&resource, content.split_once(" = \"")) else { continue };
            let is_text = value.strip_suffix('"').is_some_and(|value| !value.contains(['"', '$', '\\']));
            if is_text && seen.insert((resource.clone(), name.trim().to_owned())) {
                found.push(Place { file: file.clone(), line, instead: format!("{name} = local.kept_from_view") });
            }
        }
    }
    found
}

fn gather(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|end| end == "tf") {
            found.push(path);
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &to) } else { std::fs::copy(&path, &to).map(drop).unwrap() }
    }
}

/// The lines of the outputs that tell the secret.
fn told(place: &Place) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    copy(place.file.parent().unwrap(), directory.path());
    let text = std::fs::read_to_string(&place.file).unwrap();
    let lines: Vec<&str> =
        text.lines().enumerate().map(|(line, own)| if line == place.line { &place.instead } else { own }).collect();
    std::fs::write(directory.path().join(place.file.file_name().unwrap()), lines.join("\n") + DECLARED).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["--format", "json", "--var", &format!("kept_from_view={SECRET}"), "."])
        .current_dir(directory.path())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(
        said.contains("\"claims\"") && !said.contains("kept_from_view has no value"),
        "{}: {said}",
        place.file.display()
    );
    said.lines().filter(|line| line.to_ascii_lowercase().contains(SECRET)).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn no_output_tells_a_sensitive_value() {
    let places = places();
    assert!(places.len() > 500, "{}", places.len());
    let several = std::thread::available_parallelism().map_or(1, |several| several.get());
    let told: Vec<String> = std::thread::scope(|scope| {
        let part = |part: &'_ [Place]| {
            let tell = |place: &Place| {
                let first = told(place).into_iter().next()?;
                Some(format!("{}:{}: {first}", place.file.display(), place.line + 1))
            };
            part.iter().filter_map(tell).collect::<Vec<_>>()
        };
        let parts: Vec<_> =
            places.chunks(places.len().div_ceil(several)).map(|places| scope.spawn(move || part(places))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(told.is_empty(), "{}", told.join("\n"));
}
