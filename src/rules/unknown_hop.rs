//! It cannot be known whether the message is encrypted, or where it goes.

use super::{Case, Finding, Rule};
use crate::claim::{GapKind, Verdict};
use crate::diagnostic::Severity;
use crate::model::{Doubt, Segment};
use crate::path::{ReaderKind, Step};

pub(super) static RULE: Rule = Rule {
    name: "unknown-hop",
    summary: "it can't be known whether a hop is encrypted",
    severity: Severity::Warning,
    controls: &["NIST-800-53:SC-8"],
    since: "0.1.0",
    page: include_str!("../../rules/unknown-hop.md"),
    check,
};

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for gap in &case.judgement.gaps {
        let (message, addresses) = match gap.kind {
            GapKind::Step(id) => {
                let step = case.step(id);
                if !case.claim.declared && is_guessed_store(case, step) {
                    continue;
                }
                let (sender, receiver) = (case.sender(step), case.receiver(step));
                let message =
                    format!("can't tell whether traffic from {} to {} is encrypted", sender.address, receiver.address);
                (message, vec![&sender.address, &receiver.address])
            }
            GapKind::Way(_) | GapKind::Node(_) if is_told_with_the_plaintext(case, &gap.doubt) => continue,
            GapKind::Way(id) => {
                let step = case.step(id);
                let (sender, receiver) = (case.sender(step), case.receiver(step));
                let message =
                    format!("can't tell whether all traffic of {} goes on to {}", sender.address, receiver.address);
                (message, vec![&sender.address, &receiver.address])
            }
            GapKind::Version(id) => {
                let step = case.step(id);
                let (sender, receiver) = (case.sender(step), case.receiver(step));
                let message = format!(
                    "can't tell which TLS versions are accepted from {} to {}",
                    sender.address, receiver.address
                );
                (message, vec![&sender.address, &receiver.address])
            }
            // The verdict says it; without a claim nobody has asked for more.
            GapKind::Node(_) if !case.claim.declared || case.judgement.verdict == Verdict::NoPath => continue,
            GapKind::Node(id) => {
                let node = case.node(id);
                (format!("can't tell what happens to the message at {}", node.address), vec![&node.address])
            }
            GapKind::Payload => {
                (format!("can't tell who holds the key of the payload: {}", gap.doubt.what), Vec::new())
            }
            GapKind::StoredKey(id) => {
                let node = case.node(id);
                (format!("can't tell who can decrypt the data of {}", node.address), vec![&node.address])
            }
            GapKind::AtRest(id) => {
                let node = case.node(id);
                (format!("can't tell how the data of {} is stored", node.address), vec![&node.address])
            }
        };
        findings.push(Finding::of_doubt(case, &RULE, &gap.doubt, message).about(&addresses));
    }
}

/// The finding on what is in the clear on the way there tells the doubt too.
fn is_told_with_the_plaintext(case: &Case<'_>, doubt: &Doubt) -> bool {
    let hops = case.judgement.readers.iter().filter_map(|reader| match reader.kind {
        ReaderKind::Network(id) => Some(case.model.hop(case.step(id).hop)),
        _ => None,
    });
    hops.filter_map(|hop| hop.doubt.as_ref()).any(|told| told.message == doubt.message)
}

/// A server that may use a store, by no more than a rule that lets it connect: nobody's question without a claim.
fn is_guessed_store(case: &Case<'_>, step: &Step) -> bool {
    let hop = case.model.hop(step.hop);
    hop.segment == Segment::Store && hop.doubt.is_some()
}
