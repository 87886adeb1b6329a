//! The verdict on each declared claim, who reads, and what may be said instead.

use super::super::mask;
use crate::check::{ClaimRow, Location, PathRow, ReaderRow, Report};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Longer lists are counted.
const MOST_ROWS: usize = 12;

/// Declared claims in the order of the file; without any, the sentences of the paths.
pub(super) fn claims(report: &Report) -> String {
    let mut text = String::new();
    let declared: Vec<_> = report.claims.iter().filter(|claim| claim.declared).collect();
    for claim in &declared {
        describe(report, claim, &mut text);
    }
    if declared.is_empty() {
        sentences(&report.paths.iter().collect::<Vec<_>>(), "What may be said of this code today:", &mut text);
    }
    text
}

fn describe(report: &Report, claim: &ClaimRow, text: &mut String) {
    let quoted = claim.says.as_ref().map_or_else(|| format!("the claim {}", claim.name), |says| format!("\"{says}\""));
    let place = claim.location.as_ref().map(at).unwrap_or_default();
    let environment = claim.environment.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
    let quoted = mask::line(&format!("{quoted}{environment}"));
    let _ = match claim.verdict.as_str() {
        "holds" => writeln!(text, "holds: {quoted} is true  {place}"),
        "broken" => writeln!(text, "broken: {quoted} is not true  {place}"),
        "unproven" => writeln!(text, "unproven: {quoted} cannot be shown to be true  {place}"),
        _ => writeln!(text, "no path: {quoted} says nothing about this code  {place}"),
    };
    let _ = writeln!(text, "  {}", mask::line(&claim.sentence));
    readers(report, &claim.readers, true, "Besides the two ends, these can read it:", text);
    readers(report, &claim.readers, false, "These may be able to read it:", text);
    for reader in &claim.accepted {
        let _ = writeln!(text, "  accepted as a reader: {}", mask::line(&reader.party));
    }
    for unknown in &claim.unknowns {
        let place = unknown.location.as_ref().map(at).unwrap_or_default();
        let what = format!("  not known: {}  {place}", mask::line(&unknown.what));
        let _ = writeln!(text, "{}\n    settle it: {}", what.trim_end(), mask::line(&unknown.settle));
    }
    for assumption in &claim.assumptions {
        let until = assumption.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
        let (because, place) = (mask::line(&assumption.because), at(&assumption.location));
        let _ = writeln!(text, "  assumed: {because} ({}{until})", place.trim_matches(['(', ')']));
    }
    if claim.verdict == "broken" || claim.verdict == "unproven" {
        let mine = |path: &&PathRow| claim.to.contains(&path.to) && claim.from.contains(&path.from);
        let paths: Vec<_> = report.paths.iter().filter(mine).collect();
        sentences(&paths, "  What you may say today:", text);
    }
    text.push('\n');
}

fn readers(report: &Report, rows: &[ReaderRow], certain: bool, title: &str, text: &mut String) {
    let chosen: Vec<_> = rows.iter().filter(|row| row.certain == certain).collect();
    let parties: BTreeSet<&str> = chosen.iter().map(|row| row.party.as_str()).collect();
    if parties.is_empty() {
        return;
    }
    let _ = writeln!(text, "  {title}");
    let mut shown = BTreeSet::new();
    for row in chosen.iter().filter(|row| shown.insert(row.party.as_str())).take(MOST_ROWS) {
        let node = row.node.and_then(|id| report.nodes.get(id)).and_then(|node| node.location.as_ref());
        let place = row.evidence.first().map(|evidence| &evidence.location).or(node).map(at).unwrap_or_default();
        let _ = writeln!(text, "    {}  {place}", mask::line(&row.party));
    }
    if parties.len() > MOST_ROWS {
        let _ = writeln!(text, "    ... and {} more", parties.len() - MOST_ROWS);
    }
}

fn sentences(paths: &[&PathRow], title: &str, text: &mut String) {
    let distinct: BTreeSet<&str> = paths.iter().map(|path| path.sentence.as_str()).collect();
    if distinct.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}");
    for sentence in distinct.iter().take(MOST_ROWS) {
        let _ = writeln!(text, "    \"{}\"", mask::line(sentence));
    }
    if distinct.len() > MOST_ROWS {
        let _ = writeln!(text, "    ... and {} more", distinct.len() - MOST_ROWS);
    }
    text.push('\n');
}

fn at(location: &Location) -> String {
    format!("({}:{})", mask::line(&location.file), location.start.line)
}
