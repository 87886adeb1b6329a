//! A hop between two nodes of the path is in the clear.

use super::finding::absorb;
use super::{Case, Finding, Rule, remedy};
use crate::diagnostic::Severity;
use crate::model::{CompanionKind, NodeKind};
use crate::path::{ReaderKind, Step};
use crate::source::FileId;
use std::collections::BTreeMap;

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
    let mut told: BTreeMap<(String, Option<(String, FileId)>), usize> = BTreeMap::new();
    for reader in &case.judgement.readers {
        let ReaderKind::Network(id) = reader.kind else { continue };
        let step = case.step(id);
        let (sender, receiver) = (case.sender(step), case.receiver(step));
        if sender.kind == NodeKind::Client || came_so(case, step, reader.certain) {
            continue;
        }
        let when = case.when(step);
        let verb = if reader.certain { "is not encrypted" } else { "may not be encrypted" };
        let message = format!("traffic from {} to {} {verb}{when}", sender.address, receiver.address);
        let evidence = case.evidence(step);
        let usual = || match passes_on(case, step) {
            true => format!("let {} take TLS only: {} passes on what clients send", receiver.address, sender.address),
            false => format!("let {} speak TLS to {}, and serve TLS there", sender.address, receiver.address),
        };
        let remedy = remedy(evidence.as_ref(), usual);
        let help = match &case.model.hop(step.hop).doubt {
            Some(doubt) => format!("{}; if the traffic is real, {remedy}", doubt.settle),
            None => remedy,
        };
        let mut finding = Finding::at(case, &RULE, evidence.as_ref(), message.clone())
            .severity(case.severity(&RULE, case.refutes(reader), true))
            .help(help)
            .about(&[&sender.address, &receiver.address]);
        for onward in passed_on(case, step) {
            let place = case.evidence(onward).map(|evidence| evidence.used_at());
            finding = finding.related(place, format!("passed on to {} as it came", case.receiver(onward).address));
        }
        // What one file says of a hop several times, as for each method of an API, is one finding.
        let fact = evidence.map(|evidence| (evidence.fact.clone(), evidence.used_at().file));
        match told.get(&(message.clone(), fact.clone())).and_then(|index| findings.get_mut(*index)) {
            Some(known) => absorb(known, finding),
            None => {
                told.insert((message, fact), findings.len());
                findings.push(finding);
            }
        }
    }
}

/// Whether the sender only passes on what another node has sent in the clear: that node's finding tells of it.
fn came_so(case: &Case<'_>, step: &Step, certain: bool) -> bool {
    let sender = case.model.sender(case.model.hop(step.hop));
    passes_on(case, step)
        && case.judgement.readers.iter().any(|other| {
            let ReaderKind::Network(before) = other.kind else { return false };
            let before = case.step(before);
            let arrives = case.model.receiver(case.model.hop(before.hop)) == sender;
            arrives && case.sender(before).kind != NodeKind::Client && (other.certain || !certain)
        })
}

/// The steps in the clear by which the receiver passes on what it was sent.
fn passed_on<'a>(case: &Case<'a>, step: &Step) -> Vec<&'a Step> {
    let receiver = case.model.receiver(case.model.hop(step.hop));
    let network = case.judgement.readers.iter().filter_map(|reader| match reader.kind {
        ReaderKind::Network(id) => Some(case.step(id)),
        _ => None,
    });
    network.filter(|next| case.model.sender(case.model.hop(next.hop)) == receiver && passes_on(case, next)).collect()
}

fn passes_on(case: &Case<'_>, step: &Step) -> bool {
    case.model.passes_on(case.model.hop(step.hop))
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
            .severity(case.severity(&RULE, case.refutes(reader), true))
            .help(format!("encrypt what {} sends and receives, or accept this reader with `may-read`", node.address))
            .about(&[&node.address]);
        findings.push(finding);
    }
}
