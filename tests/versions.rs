//! The version is written in Cargo.toml; whoever copies it must say the same.

#![expect(clippy::disallowed_methods, reason = "reads the project's own files")]

use std::path::Path;
use std::{fs, io};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn text(name: &str) -> io::Result<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
}

/// What stands behind each `marker` and looks like a version, up to the next character that no version has.
fn versions_after<'a>(text: &'a str, marker: &str) -> Vec<&'a str> {
    text.split(marker)
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && !".-+".contains(c)).next())
        .map(|version| version.trim_end_matches('.'))
        .filter(|version| version.starts_with(|c: char| c.is_ascii_digit()))
        .collect()
}

#[test]
fn the_action_names_the_version_of_the_package() -> io::Result<()> {
    assert_eq!(versions_after(&text("action.yml")?, "a version such as "), [VERSION]);
    Ok(())
}

/// Examples for pre-commit (`rev: v1.2.3`), the action (`@v1.2.3`) and the Python package (`e2e-lint==1.2.3`).
#[test]
fn examples_in_the_readme_name_the_version_of_the_package() -> io::Result<()> {
    let readme = match text("README.md") {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        readme => readme?,
    };
    for marker in ["rev: v", "e2e-lint@v", "e2e-lint=="] {
        for version in versions_after(&readme, marker) {
            assert_eq!(version, VERSION, "README.md, behind `{marker}`");
        }
    }
    Ok(())
}

#[test]
fn versions_are_found_behind_their_marker() {
    assert_eq!(versions_after("rev: v0.1.0\nrev: v2.0.0-rc.1 # x\nrev: vX", "rev: v"), ["0.1.0", "2.0.0-rc.1"]);
    assert_eq!(versions_after("such as 1.2.3.", "such as "), ["1.2.3"]);
}
