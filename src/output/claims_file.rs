//! A claims file to start from: the strongest claims that hold, and as comments what breaks the next stronger ones.

use super::mask;
use crate::check::{ClaimRow, Location, Report};
use crate::claim::{Claim, Pattern, Promise};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Longer lists are cut.
const MOST_ROWS: usize = 12;

/// A candidate with what was found out about it.
type Tried<'a> = (&'a Claim, &'a ClaimRow);

/// YAML for `e2e-lint.yaml`. `report` has judged the candidates, in their order.
pub fn claims_file(candidates: &[Claim], report: &Report) -> String {
    let tried: Vec<Tried<'_>> = candidates.iter().zip(report.claims.iter().filter(|row| row.declared)).collect();
    let mut entries = String::new();
    let mut active = false;
    for group in tried.chunk_by(|first, second| first.0.from == second.0.from && first.0.to == second.0.to) {
        active |= describe(group, &mut entries);
    }
    let mut text = String::from(
        "# Written by `e2e-lint init`: the strongest claims that hold of this code today. What would be stronger stands as a\n\
         # comment, with what breaks it. Say in `says` what you tell your customers, and remove what you do not claim.\n\
         version: 1\n",
    );
    let none = "claims: []  # none holds today; remove the brackets before you take a claim out of its comment\n";
    text.push_str(if active { "claims:\n" } else { none });
    text + &entries
}

/// Candidates with the same ends, strongest first. Returns whether one of them holds.
fn describe(group: &[Tried<'_>], text: &mut String) -> bool {
    let holding = group.iter().position(|(_, row)| row.verdict == "holds");
    let plain = |promise: Promise| group.iter().find(|(claim, _)| claim.promise == promise && claim.min_tls.is_none());
    let strongest = holding.and_then(|index| group.get(index));
    if let Some((claim, row)) = strongest {
        text.push_str(&entry(claim, Some(&row.sentence), "  "));
        let stronger = holding.and_then(|index| group.get(index.checked_sub(1)?));
        if let Some((other, row)) = stronger.filter(|(other, _)| other.promise == claim.promise) {
            let version = other.min_tls.map(|version| version.name()).unwrap_or_default();
            let _ = writeln!(text, "    # min-tls: \"{version}\" does not hold. {}", mask::line(&row.sentence));
        }
        text.push('\n');
    }
    for promise in [Promise::EncryptedInTransit, Promise::EndToEnd] {
        let is_weaker =
            strongest.is_some_and(|(claim, _)| claim.promise == promise || claim.promise == Promise::EndToEnd);
        if let Some((claim, row)) = plain(promise).filter(|_| !is_weaker) {
            reasons(row, text);
            text.push_str(&entry(claim, None, "  # "));
            text.push('\n');
        }
    }
    strongest.is_some()
}

fn entry(claim: &Claim, says: Option<&str>, indent: &str) -> String {
    let mut lines = vec![format!("- name: {}", quoted(&claim.name))];
    lines.extend(says.map(|says| format!("  says: {}", quoted(says))));
    lines.push(format!("  promise: {}", claim.promise.name()));
    lines.push(format!("  from: {}", end(&claim.from)));
    lines.push(format!("  to: {}", end(&claim.to)));
    lines.extend(claim.min_tls.map(|version| format!("  min-tls: {}", quoted(version.name()))));
    lines.into_iter().map(|line| format!("{indent}{line}\n")).collect()
}

fn end(patterns: &[Pattern]) -> String {
    patterns.iter().map(|pattern| quoted(&pattern.text)).collect::<Vec<_>>().join(", ")
}

/// A text that YAML and JSON read alike, on one line and without characters that a terminal would obey.
fn quoted(text: &str) -> String {
    mask::json(&serde_json::Value::from(text).to_string())
}

/// What keeps the claim from holding, as comments that stay comments when the claim is taken out of its own.
fn reasons(row: &ClaimRow, text: &mut String) {
    let _ = writeln!(text, "  ## {}", mask::line(&row.sentence));
    let mut lines: Vec<String> = Vec::new();
    for reader in &row.readers {
        let verb = if reader.certain { "can read it" } else { "may be able to read it" };
        let place = reader.evidence.first().map(|evidence| at(&evidence.location)).unwrap_or_default();
        lines.push(format!("{} {verb}{place}", reader.party));
    }
    for unknown in &row.unknowns {
        let place = unknown.location.as_ref().map(at).unwrap_or_default();
        lines.push(format!("not known: {}{place}; {}", unknown.what, unknown.settle));
    }
    let mut seen = BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    let more = lines.len().saturating_sub(MOST_ROWS);
    for line in lines.iter().take(MOST_ROWS) {
        let _ = writeln!(text, "  ##   {}", mask::line(line));
    }
    if more > 0 {
        let _ = writeln!(text, "  ##   ... and {more} more");
    }
}

fn at(location: &Location) -> String {
    format!(" ({}:{})", location.file, location.start.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_on_one_line_and_whole() {
        assert_eq!(quoted("a[\"b\\\"]\n\u{85}\u{202e}"), r#""a[\"b\\\"]\n\u0085\u202e""#);
    }
}
