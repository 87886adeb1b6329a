//! A claim whose ends are not connected, or name nothing.

use super::{Case, Finding, Rule};
use crate::claim::{Pattern, Verdict};
use crate::diagnostic::{Label, Severity};

pub(super) static RULE: Rule = Rule {
    name: "claim-without-path",
    summary: "a claim's ends are not connected, or name nothing",
    severity: Severity::Error,
    controls: &[],
    since: "0.1.0",
    page: include_str!("../../rules/claim-without-path.md"),
    check,
};

const HELP: &str =
    "a claim without a path proves nothing: name ends that the code connects, or lint the code that connects them too";

fn check(case: &Case<'_>, findings: &mut Vec<Finding>) {
    if !case.claim.declared {
        return;
    }
    let nameless: Vec<&Pattern> =
        case.claim.from.iter().chain(&case.claim.to).filter(|pattern| !named(case, pattern)).collect();
    for pattern in &nameless {
        let message = format!("`{}` names nothing in this code", pattern.text);
        findings.push(finding(case, pattern, message, "names no node").help(nearest(case, pattern)));
    }
    if case.judgement.verdict != Verdict::NoPath {
        return;
    }
    for pattern in case.judgement.unreached.iter().filter(|pattern| named(case, pattern)) {
        let message =
            format!("nothing connects `{}` with the other end of the claim {}", pattern.text, case.claim.name);
        findings.push(finding(case, pattern, message, "on no path").help(HELP));
    }
    if nameless.is_empty()
        && case.judgement.unreached.is_empty()
        && let Some(pattern) = case.claim.to.first()
    {
        let message = format!("nothing connects the two ends of the claim {}", case.claim.name);
        findings.push(finding(case, pattern, message, "no path leads here").help(HELP));
    }
}

fn named(case: &Case<'_>, pattern: &Pattern) -> bool {
    case.model.nodes.iter().any(|node| pattern.names(node))
}

fn finding(case: &Case<'_>, pattern: &Pattern, message: String, label: &str) -> Finding {
    let mut finding = Finding::at(case, &RULE, None, message);
    finding.primary = pattern.span.map(|span| Label::new(span, label));
    finding.cause.extend([case.claim.name.clone(), pattern.text.clone()]);
    finding
}

/// The address that is spelled most alike, to catch typing errors.
fn nearest(case: &Case<'_>, pattern: &Pattern) -> String {
    let distance = |node: &&crate::model::Node| edit_distance(&pattern.text, &node.address);
    let best = case.model.nodes.iter().min_by_key(distance).filter(|node| distance(node) * 3 <= pattern.text.len());
    match best {
        Some(node) => format!("did you mean {}?", node.address),
        None => "`e2e-lint --format json` lists the nodes; addresses may hold `*`".to_owned(),
    }
}

/// Levenshtein distance over at most the first 200 characters of each.
fn edit_distance(first: &str, second: &str) -> usize {
    let (first, second): (Vec<char>, Vec<char>) =
        (first.chars().take(200).collect(), second.chars().take(200).collect());
    let mut row: Vec<usize> = (0..=second.len()).collect();
    for (index, left) in first.iter().enumerate() {
        let mut previous = row.first().copied().unwrap_or(0);
        if let Some(start) = row.first_mut() {
            *start = index + 1;
        }
        for (column, right) in second.iter().enumerate() {
            let above = row[column + 1];
            let replaced = previous + usize::from(left != right);
            row[column + 1] = replaced.min(above + 1).min(row[column] + 1);
            previous = above;
        }
    }
    row.last().copied().unwrap_or(0)
}
