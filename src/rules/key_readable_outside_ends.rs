//! Somebody outside the ends holds an end's TLS private key, or can decrypt with a key that counts.

use super::{Case, Finding, Rule};
use crate::diagnostic::Severity;
use crate::model::{CompanionKind, HeldBy, KeyId};
use crate::path::ReaderKind;

pub(super) static RULE: Rule = Rule {
    name: "key-readable-outside-ends",
    summary: "somebody who is no end holds a TLS private key or can decrypt with a key",
    severity: Severity::Error,
    controls: &["NIST-800-53:SC-12", "NIST-800-53:SC-12(6)"],
    since: "0.1.0",
    page: include_str!("../../rules/key-readable-outside-ends.md"),
    check,
};

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for reader in &case.judgement.readers {
        if let ReaderKind::Holder(key, number) = reader.kind {
            findings.extend(held(case, key, number, reader.certain));
        }
        let ReaderKind::Companion(id, number) = reader.kind else { continue };
        let node = case.node(id);
        let Some(companion) = node.companions.get(number) else { continue };
        // Where the node itself reads, whoever can stand in for it is no cause of its own.
        let reads = case.judgement.readers.iter().any(|other| other.kind == ReaderKind::Node(id));
        if companion.kind != CompanionKind::KeyOutside || reads {
            continue;
        }
        let message = format!("{} can stand in for {} with its private key", companion.party, node.address);
        let finding = Finding::at(case, &RULE, Some(&companion.evidence), message)
            .severity(case.severity(&RULE, case.refutes(reader), true))
            .help("make the key on the server itself, or take it from a store that only the server can read")
            .about(&[&node.address]);
        findings.push(finding);
    }
}

/// Of a key of the payload or of stored data.
fn held(case: &Case<'_>, id: KeyId, number: usize, certain: bool) -> Option<Finding> {
    let key = case.model.key(id);
    let holder = key.holders.get(number)?;
    let (party, address) = (&holder.party, key.address());
    let message = match (certain, holder.by) {
        (true, _) => format!("{party} can decrypt with {address} and is no end of the claim"),
        (false, HeldBy::Escalation) => format!("{party}, no end of the claim, may let itself decrypt with {address}"),
        (false, _) => format!("{party} may be able to decrypt with {address} and is no end of the claim"),
    };
    let mut finding = Finding::at(case, &RULE, Some(&holder.evidence), message)
        .severity(case.severity(&RULE, certain, true))
        .help("let only the ends' roles decrypt, or accept this reader with `may-read`")
        .about(&key.addresses.iter().take(1).chain(&holder.address).collect::<Vec<_>>());
    // One statement may let in several parties, each of which is a cause of its own.
    finding.cause.push(party.clone());
    Some(finding)
}
