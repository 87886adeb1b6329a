//! Data among the ends is stored unencrypted.

use super::{Case, Finding, Rule, told_when};
use crate::diagnostic::Severity;
use crate::model::Custody;

pub(super) static RULE: Rule = Rule {
    name: "unencrypted-at-rest",
    summary: "a store or disk among the ends is not encrypted",
    severity: Severity::Warning,
    controls: &["NIST-800-53:SC-28", "NIST-800-53:SC-28(1)"],
    since: "0.1.0",
    page: include_str!("../../rules/unencrypted-at-rest.md"),
    check,
};

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    for id in &case.judgement.to {
        let node = case.node(*id);
        for data in node.stored.iter().filter(|data| data.custody == Ok(Custody::None)) {
            let when = told_when(data.when.as_ref());
            let message = format!("{} of {} {} stored unencrypted{when}", data.what, node.address, data.verb());
            let finding = Finding::at(case, &RULE, Some(&data.evidence), message)
                .severity(case.severity(&RULE, data.when.is_none(), case.claim.at_rest.is_some()))
                .help("turn encryption on; existing data has to be copied into an encrypted store")
                .about(&[&node.address]);
            findings.push(finding);
        }
    }
}
