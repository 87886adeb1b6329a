//! The claims that are tried on code that has none yet, strongest first.

use super::report::{NodeRow, Report};
use crate::claim::{Claim, Pattern, Promise};
use crate::model::TlsVersion;
use std::collections::{BTreeMap, BTreeSet};

/// Every pair of ends costs a judgement for each candidate; later pairs are left out.
const MOST_PAIRS: usize = 200;

/// Six claims for each client and each end that its paths lead to: both promises, each with TLS 1.3, TLS 1.2 and any
/// version.
pub fn candidates(report: &Report) -> Vec<Claim> {
    let pairs: BTreeSet<(usize, usize)> = report.paths.iter().map(|path| (path.from, path.to)).collect();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (from, to) in pairs.into_iter().take(MOST_PAIRS) {
        let (Some(from), Some(to)) = (report.nodes.get(from), report.nodes.get(to)) else { continue };
        let name = name(from, to);
        let number = names.entry(name.clone()).and_modify(|number| *number += 1).or_insert(1);
        let name = if *number == 1 { name } else { format!("{name}-{number}") };
        for promise in [Promise::EndToEnd, Promise::EncryptedInTransit] {
            for min_tls in [TlsVersion::parse("1.3"), TlsVersion::parse("1.2"), None] {
                found.push(Claim {
                    name: format!("{name}-{}", promise.name()),
                    promise,
                    from: vec![pattern(report, from)],
                    to: vec![pattern(report, to)],
                    min_tls,
                    declared: true,
                    ..Claim::built_in()
                });
            }
        }
    }
    found
}

/// The end's address in kebab-case, behind the client's where that is not the internet.
fn name(from: &NodeRow, to: &NodeRow) -> String {
    let address =
        if from.address == "internet" { to.address.clone() } else { format!("{} {}", from.address, to.address) };
    let words = address.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if name.is_empty() { "end".to_owned() } else { name }
}

/// The address, with its stack where another stack has the same one.
fn pattern(report: &Report, node: &NodeRow) -> Pattern {
    let ambiguous = report.nodes.iter().filter(|other| other.address == node.address).count() > 1;
    match node.stack.as_ref().filter(|_| ambiguous) {
        Some(stack) => Pattern::new(format!("{stack}//{}", node.address), None),
        None => Pattern::new(node.address.clone(), None),
    }
}
