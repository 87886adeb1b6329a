//! Measures the command as a user runs it: a process, from its start to its exit, on generated projects.
//!
//! `cargo bench` runs all; `cargo bench -- growth` one group.

#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has nothing to measure")]

mod generate;

use divan::Bencher;
use std::path::Path;
use std::process::{Command, Stdio};

fn main() {
    divan::main();
}

/// Runs the command and checks that it did its work: findings are expected, failures are not.
fn run(directory: &Path, arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_e2e-lint"))
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the built command starts");
    assert!(matches!(status.code(), Some(0 | 1)), "e2e-lint {arguments:?} ended with {status}");
}

#[divan::bench]
fn start_up(bencher: Bencher) {
    bencher.bench(|| run(Path::new("."), &["--version"]));
}

#[divan::bench]
fn module_of_ten_files(bencher: Bencher) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    generate::module(directory.path()).expect("the module is written");
    bencher.bench(|| run(directory.path(), &["--format", "json", "."]));
}

/// Ten times the roots should take ten times as long.
#[divan::bench(args = [10, 100, 1_000], sample_count = 10)]
fn growth(bencher: Bencher, roots: usize) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    generate::project(directory.path(), roots).expect("the project is written");
    bencher.bench(|| run(directory.path(), &["--format", "json", "."]));
}
