//! A sentence in a document claims encryption, and no claim that holds backs it.

use super::Rule;
use crate::diagnostic::Severity;

/// What `prose` finds once all claims are judged; no single claim shows it.
pub static RULE: Rule = Rule {
    name: "unbacked-sentence",
    summary: "a document claims encryption that no claim backs",
    severity: Severity::Warning,
    controls: &[],
    since: "0.1.0",
    page: include_str!("../../rules/unbacked-sentence.md"),
    check: |_, _| {},
};
