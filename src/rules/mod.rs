//! Turns readers and gaps into findings. One rule a file, each a kind of reader or a kind of doubt.

mod claim_without_path;
mod contradicted_assumption;
mod finding;
mod key_readable_outside_ends;
mod plaintext_hop;
mod plaintext_viewer;
mod provider_held_key;
mod tls_terminating_intermediary;
mod unbacked_sentence;
mod unencrypted_at_rest;
mod unknown_hop;
mod unused_assumption;
mod unused_ignore;
mod unverified_upstream;
mod weak_tls;

pub use contradicted_assumption::RULE as CONTRADICTED_ASSUMPTION;
pub use finding::{Finding, merge};
pub use unbacked_sentence::RULE as UNBACKED_SENTENCE;
pub use unused_assumption::RULE as UNUSED_ASSUMPTION;
pub use unused_ignore::RULE as UNUSED_IGNORE;

use crate::claim::{Claim, Judgement};
use crate::diagnostic::Severity;
use crate::model::{Evidence, Model, Node, NodeId};
use crate::path::{Graph, Reader, Step, StepId};
use crate::value::When;

/// A rule: machine facts here, prose and examples on its page, and no fact in both.
pub struct Rule {
    /// Kebab-case, naming the wrong pattern.
    pub name: &'static str,
    pub summary: &'static str,
    pub severity: Severity,
    /// Controls that it supports; it satisfies none.
    pub controls: &'static [&'static str],
    /// Version in which it appeared.
    pub since: &'static str,
    /// The page: help text, documentation and test in one.
    pub page: &'static str,
    check: fn(&Case<'_>, &mut Vec<Finding>),
}

/// One claim with all that was found out about it.
pub struct Case<'a> {
    pub model: &'a Model,
    pub graph: &'a Graph,
    pub claim: &'a Claim,
    pub judgement: &'a Judgement,
}

/// All rules, in the order of the table in `rules/README.md`.
pub static RULES: &[&Rule] = &[
    &plaintext_viewer::RULE,
    &plaintext_hop::RULE,
    &tls_terminating_intermediary::RULE,
    &unverified_upstream::RULE,
    &key_readable_outside_ends::RULE,
    &weak_tls::RULE,
    &unknown_hop::RULE,
    &claim_without_path::RULE,
    &unencrypted_at_rest::RULE,
    &provider_held_key::RULE,
    &unbacked_sentence::RULE,
    &contradicted_assumption::RULE,
    &unused_assumption::RULE,
    &unused_ignore::RULE,
];

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Runs the rules that `enabled` admits over one claim.
pub fn check(case: &Case<'_>, enabled: &dyn Fn(&Rule) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| enabled(rule)) {
        (rule.check)(case, &mut findings);
    }
    findings
}

/// " when <condition>", nothing for what is always true.
fn told_when(when: Option<&When>) -> String {
    when.map(|when| format!(" when {}", when.text())).unwrap_or_default()
}

/// What mends a finding: as its evidence says, else as usual.
fn remedy(evidence: Option<&Evidence>, usual: impl FnOnce() -> String) -> String {
    evidence.and_then(|evidence| evidence.remedy.clone()).unwrap_or_else(usual)
}

impl<'a> Case<'a> {
    fn step(&self, id: StepId) -> &'a Step {
        self.graph.step(id)
    }

    fn sender(&self, step: &Step) -> &'a Node {
        self.model.node(self.model.sender(self.model.hop(step.hop)))
    }

    fn receiver(&self, step: &Step) -> &'a Node {
        self.model.node(self.model.receiver(self.model.hop(step.hop)))
    }

    fn node(&self, id: NodeId) -> &'a Node {
        self.model.node(id)
    }

    /// " when <condition>" for something that is only true under a condition, and why it may not be true at all.
    fn when(&self, step: &Step) -> String {
        let when = told_when(step.when.as_ref());
        match &self.model.hop(step.hop).doubt {
            Some(doubt) => format!("{when} (not certain: {})", doubt.message),
            None => when,
        }
    }

    /// Whether the reader refutes the claim: for certain, or as one of those of which one reads in each case.
    fn refutes(&self, reader: &Reader) -> bool {
        reader.certain || self.judgement.cases.iter().any(|(other, _)| other.kind == reader.kind)
    }

    /// A fact that refutes a declared claim is an error, whatever the rule's own severity; a possibility is at most a warning.
    fn severity(&self, rule: &Rule, certain: bool, breaks: bool) -> Severity {
        match (certain, breaks && self.claim.declared) {
            (true, true) => Severity::Error,
            (true, false) => rule.severity,
            (false, _) => rule.severity.min(Severity::Warning),
        }
    }

    /// The place that decides a step: its evidence, else the receiving or the sending node.
    fn evidence(&self, step: &Step) -> Option<Evidence> {
        let hop = self.model.hop(step.hop);
        let found = step.evidence.iter().chain(&hop.evidence).find(|evidence| !evidence.selects).cloned();
        found.or_else(|| {
            let nodes = [self.receiver(step), self.sender(step)];
            let span = nodes.into_iter().find_map(|node| node.span)?;
            Some(Evidence::new("", "this hop", span))
        })
    }
}
