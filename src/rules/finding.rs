//! Findings: one cause each, with everything it affects as related places.

use super::{Case, Rule};
use crate::diagnostic::{Label, Severity};
use crate::model::{Doubt, Evidence};
use crate::source::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a rule has found.
#[derive(Clone, Debug)]
pub struct Finding {
    pub rule: &'static str,
    pub severity: Severity,
    /// Names of the claims that it concerns; the declared ones first.
    pub claims: Vec<String>,
    /// The environments in which it was found, where there are any.
    pub environments: Vec<Arc<str>>,
    pub message: String,
    pub help: String,
    /// The one place to look at first; `None` where nothing in a file is to blame.
    pub primary: Option<Label>,
    pub related: Vec<Label>,
    pub controls: &'static [&'static str],
    /// Addresses that it is about, in path order.
    pub addresses: Vec<Arc<str>>,
    /// Where the deciding value was written, if that is elsewhere than its last use.
    pub written: Option<Span>,
    /// Primary places of findings with the same cause that were merged into this one.
    pub also_at: Vec<Span>,
    /// What makes two findings the same cause: the deciding place, or the addresses where there is none.
    pub cause: Vec<String>,
}

impl Finding {
    /// A finding at the place where a fact takes effect, with the trail of its value.
    pub fn at(case: &Case<'_>, rule: &'static Rule, evidence: Option<&Evidence>, message: impl Into<String>) -> Self {
        let mut finding = Self::new(rule, message.into());
        finding.claims.push(case.claim.name.clone());
        if let Some(evidence) = evidence {
            finding.primary = Some(Label::new(evidence.used_at(), told(evidence)));
            finding.trail(evidence.span, &evidence.through);
            // Where the value was written is the cause, through however many modules it takes effect.
            finding.cause.push(evidence.fact.clone());
            finding.cause.push(format!("{:?}", evidence.span));
        }
        finding
    }

    /// A finding that belongs to no claim.
    pub fn of(rule: &'static Rule, primary: Label, message: impl Into<String>) -> Self {
        let mut finding = Self::new(rule, message.into());
        finding.primary = Some(primary);
        finding
    }

    fn new(rule: &'static Rule, message: String) -> Self {
        Self {
            rule: rule.name,
            severity: rule.severity,
            claims: Vec::new(),
            environments: Vec::new(),
            message,
            help: String::new(),
            primary: None,
            related: Vec::new(),
            controls: rule.controls,
            addresses: Vec::new(),
            written: None,
            also_at: Vec::new(),
            cause: vec![rule.name.to_owned()],
        }
    }

    /// A finding at the place where an unknown takes effect.
    pub fn of_doubt(case: &Case<'_>, rule: &'static Rule, doubt: &Doubt, message: impl Into<String>) -> Self {
        let mut finding = Self::at(case, rule, None, message);
        if let Some(span) = doubt.used_at() {
            finding.primary = Some(Label::new(span, doubt.message.clone()));
            finding.trail(doubt.span.unwrap_or(span), &doubt.through);
        }
        finding.help.clone_from(&doubt.settle);
        finding.cause.push(doubt.what.clone());
        finding.cause.push(format!("{:?}", doubt.span));
        finding
    }

    /// The way of a value from where it was written to its last use, which is the primary place already.
    fn trail(&mut self, written: Span, through: &[Span]) {
        for span in through.iter().skip(1) {
            self.related.push(Label::new(*span, "passed on here"));
        }
        if !through.is_empty() {
            self.related.push(Label::new(written, "the value comes from here"));
            self.written = Some(written);
        }
    }

    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    #[must_use]
    pub fn about(mut self, addresses: &[&Arc<str>]) -> Self {
        self.addresses.extend(addresses.iter().map(|address| Arc::clone(address)));
        if self.primary.is_none() {
            self.cause.extend(addresses.iter().map(|address| address.to_string()));
        }
        self
    }

    #[must_use]
    pub fn related(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        self.related.extend(span.map(|span| Label::new(span, text)));
        self
    }
}

/// A default is named as such: nothing at its place would tell it.
fn told(evidence: &Evidence) -> String {
    if evidence.default { format!("{}; {}", evidence.fact, evidence.meaning) } else { evidence.meaning.clone() }
}

/// One finding for each cause: the graver severity, all claims, all other places as related ones.
pub fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    let mut at: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for finding in findings {
        match at.get(&finding.cause).and_then(|index| merged.get_mut(*index)) {
            None => {
                at.insert(finding.cause.clone(), merged.len());
                merged.push(finding);
            }
            Some(known) => absorb(known, finding),
        }
    }
    merged
}

/// Makes one finding of two with the same cause.
pub(super) fn absorb(known: &mut Finding, other: Finding) {
    known.severity = known.severity.max(other.severity);
    for claim in other.claims {
        if !known.claims.contains(&claim) {
            known.claims.push(claim);
        }
    }
    for environment in other.environments {
        if !known.environments.contains(&environment) {
            known.environments.push(environment);
        }
    }
    for address in other.addresses {
        if !known.addresses.contains(&address) {
            known.addresses.push(address);
        }
    }
    let known_at = known.primary.as_ref().map(|label| label.span);
    let others = other.primary.iter().map(|label| label.span).chain(other.also_at);
    known.also_at.extend(others.filter(|span| Some(*span) != known_at));
    for label in other.primary.into_iter().chain(other.related) {
        if !known.related.contains(&label) && known.primary.as_ref() != Some(&label) {
            known.related.push(label);
        }
    }
}
