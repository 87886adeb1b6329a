//! Accepted findings: from `ignore` in the claims file and from comments in the code. They change no verdict.

mod comments;

pub use comments::{Directive, MARKER, comments, directives};

use crate::claim::Pattern;
use crate::diagnostic::Label;
use crate::resource::{Resource, Stack};
use crate::rules::{self, Finding, UNUSED_IGNORE};
use crate::source::{FileId, Sources, Span, lies_below};
use std::collections::{BTreeMap, BTreeSet};

/// Which findings of the rule are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those about an address.
    Address(Pattern),
    /// Those at a line, in the block that starts there, or in the module that is called there. Lines count from 1.
    Line(FileId, usize),
}

/// A finding that somebody accepts, with the reason.
#[derive(Clone, Debug)]
pub struct Ignore {
    pub rule: String,
    pub scope: Scope,
    pub because: String,
    pub until: Option<String>,
    pub expired: bool,
    pub span: Span,
}

/// What is accepted, and what is wrong with the ignores themselves.
#[derive(Debug, Default)]
pub struct Outcome {
    /// For each finding why it is accepted, if it is.
    pub reasons: Vec<Option<String>>,
    pub unused: Vec<Finding>,
}

/// The ignores that stand in the code, and findings on those that cannot be used.
pub fn in_code(directives: &[Directive], sources: &Sources) -> (Vec<Ignore>, Vec<Finding>) {
    let mut ignores = Vec::new();
    let mut faults = Vec::new();
    for directive in directives {
        match parse(directive) {
            Some(Ok(parsed)) => ignores.extend(parsed),
            Some(Err((message, help))) => faults.push(fault(sources, directive.span, "", message, help)),
            None => {}
        }
    }
    (ignores, faults)
}

/// `ignore[rule, rule] reason`. `None` for a claim, which is none of this module's business.
fn parse(directive: &Directive) -> Option<Result<Vec<Ignore>, (String, &'static str)>> {
    const SHAPE: &str = "write `e2e-lint: ignore[rule] reason`";
    if directive.text.split_whitespace().next() == Some("claim") {
        return None;
    }
    let Some(rest) = directive.text.strip_prefix("ignore") else {
        return Some(Err((format!("`{MARKER} {}` is not understood", directive.text), SHAPE)));
    };
    let Some((names, because)) = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return Some(Err(("this ignore names no rule".to_owned(), SHAPE)));
    };
    let because = because.trim_matches(|c: char| c.is_whitespace() || c == ':');
    if because.is_empty() {
        let help = "say behind the bracket why the finding is accepted; without a reason it is not";
        return Some(Err(("this ignore has no reason".to_owned(), help)));
    }
    let ignore = |name: &str| Ignore {
        rule: name.trim().to_owned(),
        scope: Scope::Line(directive.span.file, directive.line),
        because: because.to_owned(),
        until: None,
        expired: false,
        span: directive.span,
    };
    Some(Ok(names.split(',').map(ignore).collect()))
}

/// Finds out which findings are accepted. `ran` tells whether a rule was run: an ignore for another one is not unused.
pub fn apply(
    ignores: &[Ignore],
    findings: &[Finding],
    stacks: &[&Stack],
    sources: &Sources,
    ran: &dyn Fn(&str) -> bool,
) -> Outcome {
    let usable = |ignore: &Ignore| rules::find(&ignore.rule).is_some() && !ignore.expired;
    let lines = Lines::new(ignores, &usable, stacks, sources);
    let mut used = BTreeSet::new();
    let mut reasons = Vec::new();
    for finding in findings {
        let by_address =
            ignores.iter().enumerate().filter(|(_, ignore)| usable(ignore) && names(ignore, finding, stacks, sources));
        let mut by: Vec<usize> = by_address.map(|(index, _)| index).collect();
        by.extend(lines.accepting(finding));
        reasons.push(by.first().and_then(|index| ignores.get(*index)).map(|ignore| ignore.because.clone()));
        used.extend(by);
    }
    let unused = ignores.iter().enumerate().filter(|(index, ignore)| !used.contains(index) && ran(&ignore.rule));
    let unused = unused.map(|(_, ignore)| complaint(ignore, sources)).collect();
    Outcome { reasons, unused }
}

/// A claims file speaks of what lies below it, and of what the code below it makes of modules that lie elsewhere.
fn names(ignore: &Ignore, finding: &Finding, stacks: &[&Stack], sources: &Sources) -> bool {
    let Scope::Address(pattern) = &ignore.scope else { return false };
    if ignore.rule != finding.rule || !finding.addresses.iter().any(|address| pattern.matches(address)) {
        return false;
    }
    let label = finding.primary.as_ref();
    label.is_none_or(|label| lies_below(&sources.path(label.span.file), &pattern.below))
        || is_made_below(&pattern.below, finding, stacks)
}

/// Whether only stacks below the directory hold what the finding is about.
fn is_made_below(directory: &str, finding: &Finding, stacks: &[&Stack]) -> bool {
    let is_about = |stack: &&&Stack| {
        stack.resources.iter().any(|resource| finding.addresses.iter().any(|own| **own == *resource.address.as_str()))
    };
    let mut holders = stacks.iter().filter(is_about).peekable();
    holders.peek().is_some() && holders.all(|stack| lies_below(&stack.id, directory))
}

fn complaint(ignore: &Ignore, sources: &Sources) -> Finding {
    let (message, help) = if rules::find(&ignore.rule).is_none() {
        (format!("there is no rule named {}", ignore.rule), "`e2e-lint explain` lists the rules")
    } else if ignore.expired {
        let until = ignore.until.clone().unwrap_or_default();
        (format!("this ignore expired on {until}"), "mend the finding, or give it a new day")
    } else {
        let place = match &ignore.scope {
            Scope::Address(pattern) => pattern.text.clone(),
            Scope::Line(_, line) => format!("line {line}"),
        };
        (format!("this ignore silences nothing: {} has no finding at {place}", ignore.rule), "remove it")
    };
    fault(sources, ignore.span, &ignore.rule, message, help)
}

fn fault(sources: &Sources, span: Span, rule: &str, message: String, help: &str) -> Finding {
    let mut finding = Finding::of(&UNUSED_IGNORE, Label::new(span, "this ignore"), message).help(help);
    finding.cause.push(format!("{}#{rule}", sources.path(span.file)));
    finding
}

/// Ignores by rule and line, and resources by file.
struct Lines<'a> {
    sources: &'a Sources,
    ignores: BTreeMap<(&'a str, FileId, usize), usize>,
    resources: BTreeMap<FileId, Vec<&'a Resource>>,
}

impl<'a> Lines<'a> {
    fn new(
        ignores: &'a [Ignore],
        usable: &dyn Fn(&Ignore) -> bool,
        stacks: &[&'a Stack],
        sources: &'a Sources,
    ) -> Self {
        let mut by_line = BTreeMap::new();
        for (index, ignore) in ignores.iter().enumerate().filter(|(_, ignore)| usable(ignore)) {
            if let Scope::Line(file, line) = ignore.scope {
                by_line.entry((ignore.rule.as_str(), file, line)).or_insert(index);
            }
        }
        let mut resources: BTreeMap<FileId, Vec<&Resource>> = BTreeMap::new();
        if !by_line.is_empty() {
            for resource in stacks.iter().flat_map(|stack| &stack.resources) {
                resources.entry(resource.span.file).or_default().push(resource);
            }
        }
        Self { sources, ignores: by_line, resources }
    }

    /// The ignores that together accept the finding: the one where its value was written, or one for each place where
    /// it takes effect.
    fn accepting(&self, finding: &Finding) -> Vec<usize> {
        if self.ignores.is_empty() {
            return Vec::new();
        }
        if let Some(ignore) = finding.written.and_then(|span| self.at(finding.rule, span)) {
            return vec![ignore];
        }
        let places = finding.primary.iter().map(|label| label.span).chain(finding.also_at.iter().copied());
        let covered: Option<Vec<Vec<usize>>> = places.map(|place| self.covering(finding.rule, place)).collect();
        covered.unwrap_or_default().concat()
    }

    fn at(&self, rule: &str, span: Span) -> Option<usize> {
        let line = self.sources.position(span.file, span.start).line;
        self.ignores.get(&(rule, span.file, line)).copied()
    }

    /// A module's code may be called from several places: each call needs an ignore of its own.
    fn covering(&self, rule: &str, place: Span) -> Option<Vec<usize>> {
        if let Some(ignore) = self.at(rule, place) {
            return Some(vec![ignore]);
        }
        let in_file = self.resources.get(&place.file).map_or(&[][..], Vec::as_slice);
        let around: Vec<_> = in_file.iter().filter(|resource| resource.span.contains(place)).collect();
        if let Some(ignore) = around.iter().find_map(|resource| self.at(rule, resource.header)) {
            return Some(vec![ignore]);
        }
        let calls = around.iter().map(|resource| resource.calls.iter().find_map(|call| self.at(rule, *call)));
        calls.collect::<Option<Vec<usize>>>().filter(|found| !found.is_empty())
    }
}
