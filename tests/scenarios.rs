//! Whole projects with a claims file: the verdict on every claim.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data")]

use serde_json::Value as Json;
use std::path::Path;
use std::process::Command;

#[test]
fn every_claim_gets_its_verdict() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in std::fs::read_dir(root).unwrap() {
        let directory = entry.unwrap().path();
        let Ok(expected) = std::fs::read_to_string(directory.join("expected.json")) else { continue };
        let name = directory.file_name().unwrap().to_string_lossy().into_owned();
        let expected: Json = serde_json::from_str(&expected).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
            .args(["--format", "json", "."])
            .current_dir(&directory)
            .output()
            .unwrap();
        let report: Json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{name}: {error}\n{}", String::from_utf8_lossy(&output.stderr)));
        for (claim, verdict) in expected["claims"].as_object().unwrap() {
            seen += 1;
            let found = report["claims"].as_array().unwrap().iter().find(|row| row["name"] == claim.as_str());
            let actual = found.map_or("missing", |row| row["verdict"].as_str().unwrap());
            if actual != verdict {
                wrong.push(format!("{name}, {claim}: {actual}, expected {verdict}"));
            }
        }
    }
    assert!(seen >= 20, "there are at least twenty claims");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_claim_that_each_case_breaks_is_told_so() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios/plaintext-in-either-case");
    let output = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(["--format", "json", "."])
        .current_dir(directory)
        .output()
        .unwrap();
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    let claim = report["claims"].as_array().unwrap().iter().find(|row| row["name"] == "either-colour").unwrap();
    let told = "Not encrypted on every hop, whichever case is deployed: it is in the clear from the load balancer to the server \
                when var.blue and when !var.blue.";
    assert_eq!(claim["sentence"], told);
    let findings = report["findings"].as_array().unwrap();
    for hop in [
        "aws_instance.blue may not be encrypted when var.blue",
        "aws_instance.green may not be encrypted when !var.blue",
    ] {
        let told = findings.iter().find(|row| row["message"].as_str().unwrap().ends_with(hop)).unwrap();
        assert_eq!(told["severity"], "error", "{hop}");
    }
}
