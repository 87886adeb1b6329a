//! Somebody outside the ends holds an end's TLS private key.

use super::{Case, Finding, Rule};
use crate::diagnostic::Severity;
use crate::model::CompanionKind;
use crate::path::ReaderKind;

pub(super) static RULE: Rule = Rule {
    name: "key-readable-outside-ends",
    summary: "a node's TLS private key can be read outside the node",
    severity: Severity::Error,
    controls: &["NIST-800-53:SC-12", "NIST-800-53:SC-12(6)"],
    since: "0.1.0",
    page: include_str!("../../rules/key-readable-outside-ends.md"),
    check,
};

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for reader in &case.judgement.readers {
        let ReaderKind::Companion(id, number) = reader.kind else { continue };
        let node = case.node(id);
        let Some(companion) = node.companions.get(number) else { continue };
        if companion.kind != CompanionKind::KeyOutside {
            continue;
        }
        let message = format!("{} can stand in for {} with its private key", companion.party, node.address);
        let finding = Finding::at(case, &RULE, Some(&companion.evidence), message)
            .severity(case.severity(&RULE, reader.certain, true))
            .help("make the key on the server itself, or take it from a store that only the server can read")
            .about(&[&node.address]);
        findings.push(finding);
    }
}
