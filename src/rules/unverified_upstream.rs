//! A sender opens TLS without verifying who answers.

use super::{Case, Finding, Rule};
use crate::diagnostic::Severity;
use crate::path::ReaderKind;

pub(super) static RULE: Rule = Rule {
    name: "unverified-upstream",
    summary: "the sender does not verify who answers, so an impostor can read",
    severity: Severity::Warning,
    controls: &["NIST-800-53:SC-23", "NIST-800-171:3.13.15"],
    since: "0.1.0",
    page: include_str!("../../rules/unverified-upstream.md"),
    check,
};

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for reader in &case.judgement.readers {
        let ReaderKind::Impostor(id) = reader.kind else { continue };
        let step = case.step(id);
        let (sender, receiver) = (case.sender(step), case.receiver(step));
        let message =
            format!("{} does not verify that {} answers{}", sender.address, receiver.address, case.when(step));
        let evidence = case.evidence(step);
        let sole = case.judgement.readers.iter().all(|other| matches!(other.kind, ReaderKind::Impostor(_)));
        let finding = Finding::at(case, &RULE, evidence.as_ref(), message)
            .severity(case.severity(&RULE, case.refutes(reader), sole))
            .help("no load balancer setting changes this; pass TLS through, or say `verify-peers: false` to leave active readers out of the claim")
            .about(&[&sender.address, &receiver.address]);
        findings.push(finding);
    }
}
