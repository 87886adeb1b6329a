//! The `e2e-lint` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    e2e_lint::cli::main()
}
