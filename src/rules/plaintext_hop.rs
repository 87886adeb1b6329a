//! A hop between two nodes of the path is in the clear.

use super::{Case, Finding, Rule};
use crate::diagnostic::Severity;
use crate::model::{CompanionKind, NodeKind};
use crate::path::ReaderKind;

pub(super) static RULE: Rule = Rule {
    name: "plaintext-hop",
    summary: "a hop of the path carries the message in the clear",
    severity: Severity::Error,
    controls: &["NIST-800-53:SC-8", "NIST-800-53:SC-8(1)", "NIST-800-171:3.13.8"],
    since: "0.1.0",
    page: include_str!("../../rules/plaintext-hop.md"),
    check,
};

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    check_copies(case, findings);
    for reader in &case.judgement.readers {
        let ReaderKind::Network(id) = reader.kind else { continue };
        let step = case.step(id);
        let (sender, receiver) = (case.sender(step), case.receiver(step));
        if sender.kind == NodeKind::Client {
            continue;
        }
        let when = case.when(step);
        let verb = if reader.certain { "is not encrypted" } else { "may not be encrypted" };
        let message = format!("traffic from {} to {} {verb}{when}", sender.address, receiver.address);
        let evidence = case.evidence(step);
        let usual = || format!("let {} speak TLS to {}, and serve TLS there", sender.address, receiver.address);
        let help = evidence.as_ref().and_then(|evidence| evidence.remedy.clone()).unwrap_or_else(usual);
        let finding = Finding::at(case, &RULE, evidence.as_ref(), message)
            .severity(case.severity(&RULE, reader.certain, true))
            .help(help)
            .about(&[&sender.address, &receiver.address]);
        findings.push(finding);
    }
}

/// A copy of what a node's network carries goes to somebody, who reads what is in the clear there.
fn check_copies(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for reader in &case.judgement.readers {
        let ReaderKind::Companion(id, number) = reader.kind else { continue };
        let node = case.node(id);
        let Some(companion) = node.companions.get(number).filter(|found| found.kind == CompanionKind::Tap) else {
            continue;
        };
        let verb = if reader.certain { "reads" } else { "may read" };
        let message = format!("{} {verb} what the network of {} carries in the clear", companion.party, node.address);
        let finding = Finding::at(case, &RULE, Some(&companion.evidence), message)
            .severity(case.severity(&RULE, reader.certain, true))
            .help(format!("encrypt what {} sends and receives, or accept this reader with `may-read`", node.address))
            .about(&[&node.address]);
        findings.push(finding);
    }
}
