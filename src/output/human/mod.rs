//! Text for people: first the picture, then what is wrong and where, then what may honestly be said.

mod claims;
mod snippet;
mod tree;

use super::Style;
use crate::check::{FindingRow, Report};
use crate::source::Sources;
use snippet::Shown;
use std::fmt::Write as _;

/// The whole report as text. `width` of the style is the widest line of a snippet's frame.
pub fn human(report: &Report, sources: &Sources, style: Style) -> String {
    let mut text = String::new();
    text.push_str(&tree::tree(report, style));
    let cache = snippet::Cache::new(sources);
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        text.push_str(&snippet::render(&cache, &shown_finding(finding), style));
        text.push('\n');
    }
    for problem in &report.problems {
        let shown = Shown {
            head: problem.severity.clone(),
            severity: problem.severity.clone(),
            message: problem.message.clone(),
            help: problem.help.clone(),
            labels: problem.location.iter().map(|location| (location.clone(), "here".to_owned())).collect(),
        };
        text.push_str(&snippet::render(&cache, &shown, style));
        text.push('\n');
    }
    text.push_str(&claims::claims(report));
    summary(report, &mut text);
    text
}

/// The picture of the paths alone.
pub fn paths_text(report: &Report, style: Style) -> String {
    tree::tree(report, style)
}

fn shown_finding(finding: &FindingRow) -> Shown {
    let mut labels: Vec<_> =
        finding.location.iter().map(|location| (location.clone(), finding.label.clone())).collect();
    labels.extend(finding.related.iter().map(|related| (related.location.clone(), related.message.clone())));
    let environments = match finding.environments.as_slice() {
        [] => String::new(),
        names => format!(" (in {})", names.join(", ")),
    };
    Shown {
        head: format!("{}[{}]", finding.severity, finding.rule),
        severity: finding.severity.clone(),
        message: format!("{}{environments}", finding.message),
        help: Some(finding.help.clone()).filter(|help| !help.is_empty()),
        labels,
    }
}

fn summary(report: &Report, text: &mut String) {
    let summary = &report.summary;
    let declared: Vec<_> = report.claims.iter().filter(|claim| claim.declared).collect();
    let mut parts = Vec::new();
    for (verdict, phrase) in
        [("broken", "broken"), ("unproven", "unproven"), ("no-path", "without a path"), ("holds", "true")]
    {
        let number = declared.iter().filter(|claim| claim.verdict == verdict).count();
        if number > 0 {
            parts.push(format!("{} {phrase}", count(number, "claim")));
        }
    }
    parts.push(format!(
        "{}, {}, {}",
        count(summary.errors, "error"),
        count(summary.warnings, "warning"),
        count(summary.notes, "note")
    ));
    if !report.problems.is_empty() {
        parts.push(format!("{} in reading the code", count(report.problems.len(), "problem")));
    }
    let silenced = report.findings.iter().filter(|finding| finding.suppressed.is_some()).count();
    if silenced > 0 {
        parts.push(format!("{silenced} accepted"));
    }
    if let Some(finding) = report.findings.iter().find(|finding| finding.suppressed.is_none()) {
        parts.push(format!("`e2e-lint explain {}` tells more", finding.rule));
    }
    let _ = writeln!(text, "{}", parts.join(" · "));
}

pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
