//! A node that is no end opens the message.

use super::{Case, Finding, Rule};
use crate::claim::{Promise, party_name};
use crate::diagnostic::Severity;
use crate::model::{CompanionKind, Evidence};
use crate::path::ReaderKind;

pub(super) static RULE: Rule = Rule {
    name: "tls-terminating-intermediary",
    summary: "a node between the ends ends TLS and reads the message",
    severity: Severity::Error,
    controls: &["NIST-800-53:SC-8(2)", "NIST-800-53:SC-12(6)"],
    since: "0.1.0",
    page: include_str!("../../rules/tls-terminating-intermediary.md"),
    check,
};

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    if !case.claim.declared || case.claim.promise != Promise::EndToEnd {
        return;
    }
    for reader in &case.judgement.readers {
        let (id, companion) = match reader.kind {
            ReaderKind::Node(id) => (id, None),
            ReaderKind::Companion(id, number) => (id, case.node(id).companions.get(number)),
            ReaderKind::Network(_) | ReaderKind::Impostor(_) | ReaderKind::Holder(..) => continue,
        };
        let said_elsewhere = [CompanionKind::KeyOutside, CompanionKind::Tap];
        if companion.is_some_and(|companion| said_elsewhere.contains(&companion.kind)) {
            continue;
        }
        let node = case.node(id);
        let party = companion.map_or_else(|| party_name(case.model, id), |companion| companion.party.clone());
        let verb = if reader.certain { "reads" } else { "may read" };
        let message = match companion.map(|companion| companion.kind) {
            Some(CompanionKind::Inspector) => {
                format!("{party} {verb} the message on the network of {}, before it arrives", node.address)
            }
            _ => format!("{party} {verb} the message at {}, which is no end of the claim", node.address),
        };
        let here = companion.map(|companion| companion.evidence.clone());
        let header = node.span.map(|span| Evidence::new(node.address.to_string(), node.why.clone(), span));
        let evidence = here.or(header);
        let mut finding = Finding::at(case, &RULE, evidence.as_ref(), message)
            .severity(case.severity(&RULE, case.refutes(reader), true))
            .help(
                "pass TLS through to the servers, encrypt the payload for them, or accept this reader with `may-read`",
            )
            .about(&[&node.address]);
        for unfit in case.judgement.unfit.iter().filter_map(|key| case.model.key(*key).unfit.as_ref()) {
            if unfit.nodes.contains(&id) {
                finding = finding.related(Some(unfit.evidence.span), unfit.evidence.meaning.clone());
            }
        }
        findings.push(finding);
    }
}
