//! An ignore that silences nothing, has no reason or names no rule.

use super::Rule;
use crate::diagnostic::Severity;

/// What `suppress` finds once all claims are judged; no single claim shows it.
pub static RULE: Rule = Rule {
    name: "unused-ignore",
    summary: "an ignore silences nothing, or cannot be used",
    severity: Severity::Warning,
    controls: &[],
    since: "0.1.0",
    page: include_str!("../../rules/unused-ignore.md"),
    check: |_, _| {},
};
