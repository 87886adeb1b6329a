//! Whole outputs for people, as they are printed. `UPDATE_GOLDEN=1 cargo test --test golden` rewrites them; read the diff.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use std::path::Path;
use std::process::Command;

/// Name of the golden file, and the path that is linted below `testdata`.
const PROJECTS: &[(&str, &str)] = &[
    ("shop", "shop"),
    ("two-ends", "scenarios/same-code-two-ends"),
    ("pass-through", "scenarios/direct-tls-through-routers"),
    ("unknown", "scenarios/unknown-server-protocol"),
    ("way-around", "scenarios/second-way-in-by-port-80"),
    ("conditional", "scenarios/conditional-http-listener"),
    ("no-claims-file", "twins/classic-elb-https-front-http-back/cloudformation"),
];

#[test]
fn outputs_are_as_recorded() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut wrong = Vec::new();
    for (name, path) in PROJECTS {
        let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint")).arg(path).current_dir(&testdata).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let golden = testdata.join(format!("golden/report/{name}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(testdata.join("golden/report")).unwrap();
            std::fs::write(&golden, &text).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap() != text {
            wrong.push(format!("{name}:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
