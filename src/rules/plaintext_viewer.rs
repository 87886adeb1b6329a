//! The client's own hop into the first node may be in the clear.

use super::{Case, Finding, Rule, remedy};
use crate::diagnostic::Severity;
use crate::model::NodeKind;
use crate::path::{ReaderKind, Step};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    name: "plaintext-viewer",
    summary: "clients may send the message in the clear",
    severity: Severity::Error,
    controls: &["NIST-800-53:SC-8", "NIST-800-53:SC-8(1)", "PCI-DSS-4.0.1:4.2.1"],
    since: "0.1.0",
    page: include_str!("../../rules/plaintext-viewer.md"),
    check,
};

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for reader in &case.judgement.readers {
        let ReaderKind::Network(id) = reader.kind else { continue };
        let step = case.step(id);
        let (sender, receiver) = (case.sender(step), case.receiver(step));
        if sender.kind != NodeKind::Client {
            continue;
        }
        let hop = case.model.hop(step.hop);
        let verb = if reader.certain { "accepts" } else { "may accept" };
        let around = if hop.bypass { ", a way in that walks around what stands in front of it" } else { "" };
        let message = format!("{} {verb} unencrypted requests{around}{}", receiver.address, case.when(step));
        let evidence = case.evidence(step);
        let listener = hop.via.first().unwrap_or(&receiver.address);
        let usual = || match behind(case, step) {
            Some(behind) => format!("{listener} passes on what clients send: let {behind} take TLS only"),
            None => format!("let {listener} redirect HTTP to HTTPS or refuse it"),
        };
        let help = remedy(evidence.as_ref(), usual);
        let finding = Finding::at(case, &RULE, evidence.as_ref(), message)
            .severity(case.severity(&RULE, case.refutes(reader), true))
            .help(help)
            .about(&[&receiver.address]);
        findings.push(finding);
    }
}

/// What gets the bytes of a step from a node that passes them on: such a node redirects nothing.
fn behind(case: &Case<'_>, step: &Step) -> Option<String> {
    let listener = case.model.hop(step.hop).to;
    let onward = case.model.hops.iter().filter(|hop| hop.from == listener);
    let passed_on = onward.filter(|hop| case.model.passes_on(hop));
    let addresses: BTreeSet<&str> = passed_on.map(|hop| &*case.node(case.model.receiver(hop)).address).collect();
    (!addresses.is_empty()).then(|| addresses.into_iter().collect::<Vec<_>>().join(" and "))
}
