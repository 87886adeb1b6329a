//! What may honestly be said of a claim, and why it does not hold.

use super::{between, list, party_name, reader_name};
use crate::claim::judge::{Gap, GapKind, Judgement, Verdict};
use crate::claim::{Claim, Promise};
use crate::model::{KeyId, Model, NodeId, NodeKind};
use crate::path::{Graph, Reader, ReaderKind};
use std::collections::BTreeMap;

/// What is not known, and what it has to do with the claim where that does not go without saying.
fn gap_phrase(gap: &Gap, judgement: &Judgement, model: &Model) -> String {
    let message = &gap.doubt.message;
    match gap.kind {
        GapKind::Node(id) if model.node(id).kind == NodeKind::External => {
            let end = end_name(model, &judgement.to, "everything behind the clients");
            format!("{message}, and what is sent there may still get to {end}")
        }
        _ => message.clone(),
    }
}

/// What is said of a claim, whatever its verdict.
pub fn claim_sentence(claim: &Claim, judgement: &Judgement, model: &Model, graph: &Graph) -> String {
    let ends = format!(
        "{} to {}",
        end_name(model, &judgement.from, "the clients"),
        end_name(model, &judgement.to, "everything behind them")
    );
    let doubt = judgement.gaps.first().map(|gap| gap_phrase(gap, judgement, model));
    let sentence = match (judgement.verdict, claim.promise) {
        (Verdict::NoPath, _) if !judgement.unreached.is_empty() => {
            let apart: Vec<String> = judgement.unreached.iter().map(|pattern| pattern.text.clone()).collect();
            format!("Nothing in this code connects {} with the other end, so the claim says too much.", list(&apart))
        }
        (Verdict::NoPath, _) => match doubt {
            Some(doubt) => {
                format!("Nothing that is known connects the two ends, so the claim says nothing yet: {doubt}.")
            }
            None => "Nothing in this code connects the two ends, so the claim says nothing.".to_owned(),
        },
        (Verdict::Holds, Promise::EndToEnd) if judgement.closed => format!(
            "The body is end-to-end encrypted from {ends}: only the two ends hold its key{}. Addresses, headers, sizes and \
             times stay readable on the way.",
            accepted(judgement, model, graph)
        ),
        (Verdict::Holds, Promise::EndToEnd) => {
            format!(
                "End-to-end encrypted from {ends}: only the two ends can read it{}.",
                accepted(judgement, model, graph)
            )
        }
        (Verdict::Holds, Promise::EncryptedInTransit) => format!("Every hop from {ends} is encrypted."),
        (Verdict::Broken, promise) => broken_sentence(promise, judgement, model, graph),
        (Verdict::Unproven, promise) => {
            let mut why = reasons(judgement, model, graph, false);
            why.extend(doubt);
            format!("It cannot be shown that {}: {}.", unproven_phrase(promise, judgement, &ends), list(&why))
        }
    };
    judgement.unfit.iter().fold(sentence, |sentence, key| {
        let key = model.key(*key);
        let why = key.unfit.as_ref().map(|unfit| unfit.evidence.meaning.as_str()).unwrap_or_default();
        format!("{sentence} {} does not close the body: {why}.", key.address())
    })
}

fn broken_sentence(promise: Promise, judgement: &Judgement, model: &Model, graph: &Graph) -> String {
    let phrase = match part_at_stake(judgement, true) {
        Part::Way if promise == Promise::EndToEnd => "Not end-to-end encrypted",
        Part::Way => "Not encrypted on every hop",
        Part::Version => "Not encrypted as claimed",
        Part::Storage => "Not stored as claimed",
    };
    match reasons(judgement, model, graph, true).as_slice() {
        [] => {
            format!("{phrase}, whichever case is deployed: {}.", by_cases(judgement, model, graph).join(", and "))
        }
        certain => format!("{phrase}: {}.", list(certain)),
    }
}

fn unproven_phrase(promise: Promise, judgement: &Judgement, ends: &str) -> String {
    match part_at_stake(judgement, false) {
        Part::Way if promise == Promise::EndToEnd => format!("traffic from {ends} is end-to-end encrypted"),
        Part::Way => format!("traffic from {ends} is encrypted on every hop"),
        Part::Version => format!("traffic from {ends} is encrypted as claimed"),
        Part::Storage => "what the ends keep is stored as claimed".to_owned(),
    }
}

/// What of a claim fails, or cannot be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Way,
    Version,
    Storage,
}

/// The first part that fails for certain, or perhaps.
fn part_at_stake(judgement: &Judgement, certain: bool) -> Part {
    let of_way = |gap: &Gap| !matches!(gap.kind, GapKind::Version(_) | GapKind::AtRest(_) | GapKind::StoredKey(_));
    let readers = judgement.readers.iter().any(|reader| reader.certain == certain) || !judgement.cases.is_empty();
    if readers || (!certain && judgement.gaps.iter().any(of_way)) {
        return Part::Way;
    }
    let of_version = |gap: &Gap| matches!(gap.kind, GapKind::Version(_));
    let weak = judgement.weak.iter().any(|(_, _, sure)| *sure == certain);
    if weak || (!certain && judgement.gaps.iter().any(of_version)) { Part::Version } else { Part::Storage }
}

/// At most this many reasons are named in a sentence; the rest is counted.
const MOST_REASONS: usize = 3;

fn reasons(judgement: &Judgement, model: &Model, graph: &Graph, certain: bool) -> Vec<String> {
    let readers: Vec<&Reader> = judgement.readers.iter().filter(|reader| reader.certain == certain).collect();
    let may = if certain { "" } else { " may" };
    let mut found = Vec::new();
    let is_node = |reader: &&&Reader| matches!(reader.kind, ReaderKind::Node(_) | ReaderKind::Companion(..));
    let mut names: Vec<String> =
        readers.iter().filter(is_node).map(|reader| reader_name(model, graph, reader)).collect();
    names.dedup();
    if !names.is_empty() {
        let verb = if certain && names.len() == 1 { "reads" } else { "read" };
        found.push(format!("{}{may} {verb} the traffic", list(&names)));
    }
    found.extend(holders(&readers, model, graph, certain));
    let mut hops: Vec<String> = Vec::new();
    for reader in &readers {
        if let ReaderKind::Network(step) = reader.kind {
            let step = graph.step(step);
            let when = step.when.as_ref().map(|when| format!(" when {}", when.text())).unwrap_or_default();
            hops.push(format!(
                "it is{} in the clear from {}{when}",
                if certain { "" } else { " possibly" },
                between(model, step)
            ));
        }
    }
    hops.dedup();
    shorten(&mut hops, "more hop in the clear", "more hops in the clear");
    found.extend(hops);
    let impostors = readers.iter().filter_map(|reader| match reader.kind {
        ReaderKind::Impostor(step) => {
            Some(format!("nobody verifies who answers from {}", between(model, graph.step(step))))
        }
        _ => None,
    });
    if found.is_empty() {
        found.extend(impostors);
    }
    let weak = judgement.weak.iter().filter(|(_, _, sure)| *sure == certain);
    found.extend(
        weak.map(|(step, version, _)| format!("{version} is accepted from {}", between(model, graph.step(*step)))),
    );
    let at_rest = judgement.at_rest.iter().filter(|gap| gap.certain == certain);
    found.extend(at_rest.map(|gap| {
        let verb = if certain { gap.data.verb() } else { "may be" };
        let when = gap.data.when.as_ref().map(|when| format!(" when {}", when.text())).unwrap_or_default();
        format!("{} {verb} {}{when}", gap.data.what, gap.custody.phrase())
    }));
    shorten(&mut found, "more reason", "more reasons");
    found
}

/// What makes the claim false in each case, with its conditions: "it is in the clear from A to B when var.x".
fn by_cases(judgement: &Judgement, model: &Model, graph: &Graph) -> Vec<String> {
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    for (reader, when) in &judgement.cases {
        let what = match reader.kind {
            ReaderKind::Network(step) => format!("it is in the clear from {}", between(model, graph.step(step))),
            ReaderKind::Impostor(step) => {
                format!("nobody verifies who answers from {}", between(model, graph.step(step)))
            }
            _ => format!("{} reads the traffic", reader_name(model, graph, reader)),
        };
        match found.iter_mut().find(|(known, _)| *known == what) {
            Some((_, whens)) => whens.push(when.text()),
            None => found.push((what, vec![when.text()])),
        }
    }
    let told = |(what, whens): (String, Vec<&str>)| format!("{what} when {}", whens.join(" and when "));
    let mut told: Vec<String> = found.into_iter().map(told).collect();
    shorten(&mut told, "more case", "more cases");
    told
}

/// Who can decrypt, key by key: "the role aws_iam_role.support can decrypt with aws_kms_key.payload".
fn holders(readers: &[&Reader], model: &Model, graph: &Graph, certain: bool) -> Vec<String> {
    let mut by_key: BTreeMap<KeyId, Vec<String>> = BTreeMap::new();
    for reader in readers {
        if let ReaderKind::Holder(key, _) = reader.kind {
            by_key.entry(key).or_default().push(reader_name(model, graph, reader));
        }
    }
    let can = if certain { "can" } else { "may be able to" };
    let told = |(key, mut names): (KeyId, Vec<String>)| {
        shorten(&mut names, "more", "more");
        format!("{} {can} decrypt with {}", list(&names), model.key(key).address())
    };
    by_key.into_iter().map(told).collect()
}

fn shorten(items: &mut Vec<String>, one: &str, many: &str) {
    if items.len() > MOST_REASONS {
        let more = items.len() - MOST_REASONS;
        items.truncate(MOST_REASONS);
        items.push(format!("{more} {}", if more == 1 { one } else { many }));
    }
}

fn accepted(judgement: &Judgement, model: &Model, graph: &Graph) -> String {
    let mut names: Vec<_> = judgement.accepted.iter().map(|reader| reader_name(model, graph, reader)).collect();
    names.dedup();
    if names.is_empty() { String::new() } else { format!(", besides {}, which the claim accepts", list(&names)) }
}

fn end_name(model: &Model, nodes: &[NodeId], many: &str) -> String {
    let names: BTreeMap<String, ()> = nodes.iter().map(|node| (party_name(model, *node), ())).collect();
    let names: Vec<String> = names.into_keys().collect();
    if names.len() > MOST_REASONS { many.to_owned() } else { list(&names) }
}
