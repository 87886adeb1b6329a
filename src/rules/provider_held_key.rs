//! The provider owns or manages the key of stored data.

use super::{Case, Finding, Rule, told_when};
use crate::diagnostic::Severity;
use crate::model::Custody;

pub(super) static RULE: Rule = Rule {
    name: "provider-held-key",
    summary: "the provider owns or manages the key of stored data",
    severity: Severity::Note,
    controls: &["NIST-800-53:SC-12", "NIST-800-53:SC-12(6)"],
    since: "0.1.0",
    page: include_str!("../../rules/provider-held-key.md"),
    check,
};

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    // For much data the provider's key is the right choice: unless a claim asks, nobody has to hear of it.
    let Some(least) = case.claim.at_rest else { return };
    for id in &case.judgement.to {
        let node = case.node(*id);
        for data in &node.stored {
            let Ok(custody @ (Custody::ProviderOwned | Custody::ProviderManaged)) = data.custody else { continue };
            let demanded = custody < least;
            let when = told_when(data.when.as_ref());
            let message = format!("{} of {} {} {}{when}", data.what, node.address, data.verb(), custody.phrase());
            let finding = Finding::at(case, &RULE, Some(&data.evidence), message)
                .severity(case.severity(&RULE, data.when.is_none(), demanded))
                .help("name a customer managed KMS key whose policy says who may decrypt")
                .about(&[&node.address]);
            findings.push(finding);
        }
    }
}
