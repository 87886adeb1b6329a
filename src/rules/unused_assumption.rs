//! An assumption that does nothing.

use super::Rule;
use crate::diagnostic::Severity;

/// What `check` finds once all assumptions are applied; no single claim shows it.
pub static RULE: Rule = Rule {
    name: "unused-assumption",
    summary: "an assumption names nothing, has expired, or fills in nothing",
    severity: Severity::Warning,
    controls: &[],
    since: "0.1.0",
    page: include_str!("../../rules/unused-assumption.md"),
    check: |_, _| {},
};
