//! Text for people: first the picture, then what is wrong and where, then what may honestly be said.

mod claims;
mod snippet;
mod tree;

use super::{Style, mask};
use crate::check::{FindingRow, Location, ProblemRow, Report};
use crate::source::Sources;
use snippet::Shown;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// More places of a finding than this are counted and not shown.
const MOST_PLACES: usize = 6;
/// More notes on reading the code than this are listed and not shown in their places.
const MOST_SHOWN_NOTES: usize = 3;
/// Notes that are listed; the others are counted.
const MOST_LISTED_NOTES: usize = 20;

/// The whole report as text. `width` of the style is the widest line of a snippet's frame.
pub fn human(report: &Report, sources: &Sources, style: Style) -> String {
    let mut text = String::new();
    text.push_str(&tree::tree(report, style, tree::Limits::OVERVIEW));
    let cache = snippet::Cache::new(sources);
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        text.push_str(&snippet::render(&cache, &shown_finding(finding), style));
        text.push('\n');
    }
    let (notes, graver): (Vec<_>, Vec<_>) = report.problems.iter().partition(|problem| problem.severity == "note");
    let listed = notes.len() > MOST_SHOWN_NOTES;
    let shown: Vec<&ProblemRow> = graver.into_iter().chain(notes.iter().copied().filter(|_| !listed)).collect();
    for group in alike(&shown) {
        problems(&cache, &group, style, &mut text);
    }
    if listed {
        list(&notes, &mut text);
    }
    text.push_str(&claims::claims(report));
    summary(report, &mut text);
    text
}

/// The picture of the paths alone.
pub fn paths_text(report: &Report, style: Style) -> String {
    tree::tree(report, style, tree::Limits::NONE)
}

/// Warnings with one remedy, such as modules that are not installed, stand together. An error is shown where it is.
fn alike<'r>(problems: &[&'r ProblemRow]) -> Vec<Vec<&'r ProblemRow>> {
    let mut groups: Vec<Vec<&ProblemRow>> = Vec::new();
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems.iter().copied() {
        let remedy = problem.help.as_deref().filter(|_| problem.severity == "warning");
        match remedy.and_then(|remedy| at.get(remedy)).and_then(|index| groups.get_mut(*index)) {
            Some(group) => group.push(problem),
            None => {
                at.extend(remedy.map(|remedy| (remedy, groups.len())));
                groups.push(vec![problem]);
            }
        }
    }
    groups
}

/// The first of a group is shown in its file; the others are a line each, since what is to be done is the same.
fn problems(cache: &snippet::Cache<'_>, group: &[&ProblemRow], style: Style, text: &mut String) {
    let Some((first, others)) = group.split_first() else { return };
    let shown = Shown {
        head: first.severity.clone(),
        severity: first.severity.clone(),
        message: first.message.clone(),
        help: first.help.clone(),
        labels: first.location.iter().map(|location| (location.clone(), "here".to_owned())).collect(),
    };
    text.push_str(&snippet::render(cache, &shown, style));
    for other in others {
        let place = other.location.as_ref().map(|at| format!("{}:{}: ", mask::line(&at.file), at.start.line));
        let _ = writeln!(text, "  also {}{}", place.unwrap_or_default(), mask::line(&other.message));
    }
    text.push('\n');
}

/// Notes in a line each; what can be done about several that follow one another is said once.
fn list(notes: &[&ProblemRow], text: &mut String) {
    for (number, note) in notes.iter().enumerate().take(MOST_LISTED_NOTES) {
        let at = |location: &Location| format!("  ({}:{})", mask::line(&location.file), location.start.line);
        let place = note.location.as_ref().map(at).unwrap_or_default();
        let _ = writeln!(text, "  note: {}{place}", mask::line(&note.message));
        let next = notes.get(number + 1).filter(|_| number + 1 < MOST_LISTED_NOTES);
        if let Some(help) = note.help.as_ref().filter(|help| next.is_none_or(|next| next.help.as_ref() != Some(*help)))
        {
            let _ = writeln!(text, "    help: {}", mask::line(help));
        }
    }
    let more = notes.len().saturating_sub(MOST_LISTED_NOTES);
    if more > 0 {
        let _ = writeln!(text, "  ... and {}, which `--format json` lists", count(more, "more note"));
    }
    text.push('\n');
}

fn shown_finding(finding: &FindingRow) -> Shown {
    let mut labels: Vec<_> =
        finding.location.iter().map(|location| (location.clone(), finding.label.clone())).collect();
    labels.extend(finding.related.iter().map(|related| (related.location.clone(), related.message.clone())));
    let environments = match finding.environments.as_slice() {
        [] => String::new(),
        names => format!(" (in {})", names.join(", ")),
    };
    let more = match labels.len().saturating_sub(MOST_PLACES) {
        0 => String::new(),
        more => format!(" (and {})", count(more, "more place")),
    };
    labels.truncate(MOST_PLACES);
    Shown {
        head: format!("{}[{}]", finding.severity, finding.rule),
        severity: finding.severity.clone(),
        message: format!("{}{environments}{more}", finding.message),
        help: help(finding),
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
    if let Some(finding) = gravest(report) {
        parts.push(format!("`e2e-lint explain {}` tells more", finding.rule));
    }
    let _ = writeln!(text, "{}", parts.join(" · "));
}

/// The finding to start with: the first of the gravest.
fn gravest(report: &Report) -> Option<&FindingRow> {
    let open = |severity: &str| {
        let mut findings = report.findings.iter().filter(|finding| finding.suppressed.is_none());
        findings.find(|finding| finding.severity == severity)
    };
    ["error", "warning", "note"].into_iter().find_map(open)
}

pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// What to do, and of what else it goes: findings with one cause are one.
fn help(finding: &FindingRow) -> Option<String> {
    const MOST: usize = 3;
    let addresses = finding.addresses.iter().map(String::as_str);
    let others: Vec<&str> = addresses.filter(|address| !finding.message.contains(address)).collect();
    let named = others.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    let more = match others.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match (finding.help.is_empty(), others.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("the same goes for {named}{more}")),
        (false, true) => Some(finding.help.clone()),
        (false, false) => Some(format!("{}; the same goes for {named}{more}", finding.help)),
    }
}
