//! An assumption that the code contradicts.

use super::Rule;
use crate::diagnostic::Severity;

/// What `check` finds once all assumptions are applied; no single claim shows it.
pub static RULE: Rule = Rule {
    name: "contradicted-assumption",
    summary: "the code says the opposite of what is assumed",
    severity: Severity::Error,
    controls: &[],
    since: "0.1.0",
    page: include_str!("../../rules/contradicted-assumption.md"),
    check: |_, _| {},
};
