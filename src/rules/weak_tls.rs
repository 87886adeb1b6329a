//! A hop accepts a TLS version below the least one.

use super::{Case, Finding, Rule, remedy};
use crate::diagnostic::Severity;
use crate::model::TlsVersion;
use crate::path::{StepId, Wire};

pub(super) static RULE: Rule = Rule {
    name: "weak-tls",
    summary: "a hop accepts a TLS version below the least one",
    severity: Severity::Warning,
    controls: &["NIST-800-53:SC-13", "PCI-DSS-4.0.1:4.2.1"],
    since: "0.1.0",
    page: include_str!("../../rules/weak-tls.md"),
    check,
};

/// The least version where a claim names none: what RFC 8996 leaves.
const LEAST: TlsVersion = TlsVersion::V1_2;

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    let least = case.claim.min_tls.unwrap_or(LEAST);
    for id in &case.judgement.steps {
        check_step(case, *id, least, findings);
    }
}

fn check_step(case: &Case<'_>, id: StepId, least: TlsVersion, findings: &mut Vec<Finding>) {
    let step = case.step(id);
    let Wire::Tls { floor, continues: false, .. } = &step.wire else { return };
    let Some(version) = floor.version.filter(|version| *version < least) else { return };
    let demanded = case.judgement.weak.iter().find(|(weak, ..)| *weak == id);
    // A floor that no code decides is nobody's to raise: it matters only where a claim asks for more.
    if floor.evidence.is_none() && demanded.is_none() {
        return;
    }
    let certain = demanded.is_some_and(|(_, _, certain)| *certain) || (demanded.is_none() && step.certain);
    let (sender, receiver) = (case.sender(step), case.receiver(step));
    let message = format!("{version} is accepted from {} to {}{}", sender.address, receiver.address, case.when(step));
    let evidence = floor.evidence.clone().or_else(|| case.evidence(step));
    let usual = || format!("choose a policy whose least version is {least}");
    let remedy = remedy(evidence.as_ref(), usual);
    let finding = Finding::at(case, &RULE, evidence.as_ref(), message)
        .severity(case.severity(&RULE, certain, demanded.is_some()))
        .help(remedy)
        .about(&[&sender.address, &receiver.address]);
    findings.push(finding);
}
