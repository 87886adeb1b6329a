//! What may honestly be said: the strongest true sentence of a path, and of a claim.

use super::judge::{Gap, GapKind, Judgement, Verdict, sent_elsewhere, unknown_nodes, unknown_transport};
use super::{Claim, Promise, cases};
use crate::model::{KeyId, Model, NodeId, NodeKind};
use crate::path::{Graph, Reach, Reader, ReaderKind, Start, Step, StepId, Ways, Wire, Witness};
use std::collections::{BTreeMap, BTreeSet};

/// The strongest true statement for one way in and one end.
#[derive(Clone, Debug)]
pub struct PathSummary {
    pub from: NodeId,
    /// The first node after the client.
    pub entry: NodeId,
    pub to: NodeId,
    pub in_transit: Verdict,
    pub end_to_end: Verdict,
    pub readers: Vec<String>,
    /// A way that shows the worst of it.
    pub witness: Vec<StepId>,
    pub sentence: String,
}

/// One summary for each pair of a way in and an end that it leads to.
pub fn summarize(model: &Model, graph: &Graph) -> Vec<PathSummary> {
    let mut ways_in: BTreeMap<(NodeId, NodeId), Vec<StepId>> = BTreeMap::new();
    for client in model.clients() {
        for step in graph.states_at(client).iter().flat_map(|state| graph.leaving(*state)) {
            ways_in.entry((client, receiver(model, graph.step(*step)))).or_default().push(*step);
        }
    }
    let ends: Vec<BTreeSet<NodeId>> = ways_in.values().map(|steps| ends_behind(model, graph, steps)).collect();
    let mut ways_to: BTreeMap<(NodeId, NodeId), usize> = BTreeMap::new();
    for ((client, _), ends) in ways_in.keys().zip(&ends) {
        ends.iter().for_each(|end| *ways_to.entry((*client, *end)).or_default() += 1);
    }
    let mut found = Vec::new();
    for (((client, entry), steps), ends) in ways_in.iter().zip(ends) {
        for end in ends {
            let ways = Ways::new(model, graph, Start::Steps(steps), graph.states_at(end));
            if ways.exist() {
                let is_direct = *entry == end && ways_to.get(&(*client, end)).is_some_and(|ways| *ways > 1);
                found.push(summary(&ways, *client, *entry, end, is_direct));
            }
        }
    }
    found
}

fn ends_behind(model: &Model, graph: &Graph, steps: &[StepId]) -> BTreeSet<NodeId> {
    let reach = Reach::new(graph, Start::Steps(steps), &[], |_| true);
    let nodes = reach.reached().into_iter().map(|state| model.listener(graph.state_of(state).listener).node);
    nodes.filter(|node| model.node(*node).kind.is_end()).collect()
}

/// `is_direct` where the client also gets to the end by way of others.
fn summary(ways: &Ways<'_>, from: NodeId, entry: NodeId, to: NodeId, is_direct: bool) -> PathSummary {
    let readers = ways.readers(&|node| node == from || node == to, &|_, _| false);
    let steps = ways.steps();
    let is_unknown = |step: &StepId| unknown_transport(ways.graph.step(*step)).is_some();
    let unknown: Vec<StepId> = steps.iter().copied().filter(is_unknown).collect();
    // Something of which it is not known what it does with the message, or a sender that may send it elsewhere.
    let is_end = |node: NodeId| node == from || node == to;
    let strange = unknown_nodes(ways, &is_end).iter().any(|(node, _)| is_doubted(ways.model, *node))
        || steps.iter().any(|step| sent_elsewhere(ways.model, ways.graph.step(*step)).is_some());
    let judge = |forbidden: &dyn Fn(&Reader) -> bool| {
        let breaking: Vec<&Reader> = readers.iter().filter(|reader| forbidden(reader)).collect();
        match (!breaking.is_empty(), surely_read(ways, &breaking)) {
            (_, true) => Verdict::Broken,
            (true, false) => Verdict::Unproven,
            (false, false) if unknown.is_empty() && !strange => Verdict::Holds,
            (false, false) => Verdict::Unproven,
        }
    };
    let in_transit = judge(&|reader| matches!(reader.kind, ReaderKind::Network(_)));
    let end_to_end = judge(&|_| true);
    let witness = worst_witness(ways, &readers, &unknown, to);
    let names = readers.iter().filter(|reader| !matches!(reader.kind, ReaderKind::Impostor(_)));
    let mut names: Vec<String> = names.map(|reader| reader_name(ways.model, ways.graph, reader)).collect();
    names.dedup();
    let told = worst_steps(ways, &witness, &steps);
    let sentence = path_sentence(ways, &told, &readers, (strange, is_direct));
    PathSummary { from, entry, to, in_transit, end_to_end, readers: names, witness, sentence }
}

/// The steps of a witness, each as the worst of those between its two nodes: one that is encrypted says nothing of the others.
fn worst_steps<'a>(ways: &Ways<'a>, witness: &[StepId], all: &[StepId]) -> Vec<&'a Step> {
    let (model, graph) = (ways.model, ways.graph);
    let nodes = |step: &Step| (sender(model, step), receiver(model, step));
    let mut worst: BTreeMap<(NodeId, NodeId), &Step> = BTreeMap::new();
    for step in witness.iter().chain(all).map(|id| graph.step(*id)) {
        let known = worst.entry(nodes(step)).or_insert(step);
        if badness(model, step) > badness(model, known) {
            *known = step;
        }
    }
    witness.iter().map(|id| graph.step(*id)).map(|step| worst.get(&nodes(step)).copied().unwrap_or(step)).collect()
}

/// The greater the worse, and plaintext under a condition or a doubt not as bad as plaintext.
fn badness(model: &Model, step: &Step) -> (Class, bool) {
    let sure = step.when.is_none() && model.hop(step.hop).doubt.is_none();
    (class(step), sure && class(step) == Class::Plaintext)
}

/// Whether one of them is certain, or one in each case.
fn surely_read(ways: &Ways<'_>, readers: &[&Reader]) -> bool {
    readers.iter().any(|reader| reader.certain) || {
        let witnesses: Vec<Witness> = readers.iter().map(|reader| ways.witness(reader)).collect();
        !cases::in_every_case(ways, readers.iter().copied().zip(&witnesses)).is_empty()
    }
}

/// Whether a node is not known, other than a host that merely is not in this code: that one is somebody else's end.
fn is_doubted(model: &Model, node: NodeId) -> bool {
    let node = model.node(node);
    node.doubt.is_some() || !node.unread.is_empty()
}

/// The way that shows the worst: certain plaintext, possible plaintext, the unknown, else a shortest way.
fn worst_witness(ways: &Ways<'_>, readers: &[Reader], unknown: &[StepId], to: NodeId) -> Vec<StepId> {
    let network = |certain: bool| {
        let is_network = |reader: &&Reader| matches!(reader.kind, ReaderKind::Network(_)) && reader.certain == certain;
        readers.iter().find(is_network).map(|reader| ways.witness(reader))
    };
    let shortest = || {
        let ends = ways.graph.states_at(to).iter().filter(|state| ways.possible.holds(**state));
        ends.map(|state| ways.possible.witness_of_state(ways.graph, *state)).min_by_key(Vec::len).unwrap_or_default()
    };
    let doubtful = || unknown.first().map(|step| ways.possible.witness_of_step(ways.graph, *step));
    network(true).or_else(|| network(false)).or_else(doubtful).unwrap_or_else(shortest)
}

/// The later variant is the worse one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Encrypted,
    Unknown,
    Plaintext,
}

fn class(step: &Step) -> Class {
    match &step.wire {
        Wire::Tls { .. } => Class::Encrypted,
        Wire::Plaintext => Class::Plaintext,
        Wire::Opaque(_) | Wire::Unknown(_) => Class::Unknown,
    }
}

/// Of a `strange` way it is not known where all of the traffic goes, so that nothing is said of all of it.
fn path_sentence(ways: &Ways<'_>, steps: &[&Step], readers: &[Reader], (strange, is_direct): (bool, bool)) -> String {
    let (model, graph) = (ways.model, ways.graph);
    let mut clauses = Vec::new();
    let mut rest = steps;
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|step| class(step) == class(first)).count();
        let (run, after) = rest.split_at(length);
        clauses.push(run_clause(model, run, run.len() == steps.len() && !strange));
        rest = after;
    }
    let transit = capitalize(&clauses.join("; "));
    let directly = if is_direct { ", where clients call it directly" } else { "" };
    format!("{transit}{directly}. {}", readers_sentence(model, graph, readers, steps, (strange, is_direct)))
}

/// Consecutive hops of the same class: "encrypted from the viewer to Amazon CloudFront and on to the load balancer".
fn run_clause(model: &Model, run: &[&Step], whole: bool) -> String {
    let party = |node: NodeId| party_name(model, node);
    let Some(first) = run.first() else { return String::new() };
    let stops: Vec<String> = run.iter().map(|step| party(receiver(model, step))).collect();
    let start = party(sender(model, first));
    let onward = stops.join(" and on to ");
    match class(first) {
        Class::Encrypted if whole => format!("encrypted on every hop from {start} to {onward}"),
        Class::Encrypted => format!("encrypted from {start} to {onward}"),
        Class::Plaintext => {
            // What is true under a condition only is said with it.
            let when = run.iter().find_map(|step| step.when.as_ref()).map(|when| format!(" when {}", when.text()));
            let doubted = run.iter().any(|step| model.hop(step.hop).doubt.is_some());
            let perhaps = if doubted { "perhaps " } else { "" };
            format!("{perhaps}not encrypted from {start} to {onward}{}", when.unwrap_or_default())
        }
        Class::Unknown => format!("it is not known whether it is encrypted from {start} to {onward}"),
    }
}

fn readers_sentence(
    model: &Model,
    graph: &Graph,
    readers: &[Reader],
    steps: &[&Step],
    (strange, is_direct): (bool, bool),
) -> String {
    let open = readers.iter().any(|reader| matches!(reader.kind, ReaderKind::Network(_)));
    let unknown = steps.iter().any(|step| class(step) == Class::Unknown);
    let who = parties_that_read(model, graph, readers);
    match (who.is_empty(), open) {
        (false, true) => format!("{who}, and so can anyone on the network where it is not encrypted."),
        (false, false) if strange => format!("{who}; who else can is not known."),
        (false, false) => format!("{who}."),
        (true, true) => "Anyone on the network where it is not encrypted can read it.".to_owned(),
        (true, false) if unknown || strange => "Who else can read it is not known.".to_owned(),
        (true, false) if is_direct => "On this way only the two ends can read it.".to_owned(),
        (true, false) => "Only the two ends can read it.".to_owned(),
    }
}

/// "The load balancer can read it, and the access log may"; empty where no party reads. What stands at a node only perhaps
/// is told apart from what reads there whenever the message passes.
fn parties_that_read(model: &Model, graph: &Graph, readers: &[Reader]) -> String {
    let is_sure = |reader: &&Reader| match reader.kind {
        ReaderKind::Companion(node, number) => {
            model.node(node).companions.get(number).is_some_and(|companion| companion.certain)
        }
        _ => true,
    };
    let is_party = |reader: &&Reader| matches!(reader.kind, ReaderKind::Node(_) | ReaderKind::Companion(..));
    let (sure, possible): (Vec<&Reader>, Vec<&Reader>) = readers.iter().filter(is_party).partition(is_sure);
    let names = |readers: Vec<&Reader>| {
        let mut names: Vec<String> = readers.into_iter().map(|reader| reader_name(model, graph, reader)).collect();
        names.dedup();
        names
    };
    match (names(sure).as_slice(), names(possible).as_slice()) {
        ([], []) => String::new(),
        (sure, []) => format!("{} can read it", capitalize(&list(sure))),
        ([], possible) => format!("{} may be able to read it", capitalize(&list(possible))),
        (sure, possible) => format!("{} can read it, and {} may", capitalize(&list(sure)), list(possible)),
    }
}

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

fn between(model: &Model, step: &Step) -> String {
    format!("{} to {}", party_name(model, sender(model, step)), party_name(model, receiver(model, step)))
}

/// How a sentence names a node.
pub fn party_name(model: &Model, node: NodeId) -> String {
    model.node(node).party.clone()
}

/// How a sentence names a reader.
pub fn reader_name(model: &Model, graph: &Graph, reader: &Reader) -> String {
    match reader.kind {
        ReaderKind::Node(node) => party_name(model, node),
        ReaderKind::Companion(node, number) => {
            model.node(node).companions.get(number).map(|companion| companion.party.clone()).unwrap_or_default()
        }
        ReaderKind::Holder(key, number) => {
            model.key(key).holders.get(number).map(|holder| holder.party.clone()).unwrap_or_default()
        }
        ReaderKind::Network(step) => format!("anyone on the network from {}", between(model, graph.step(step))),
        ReaderKind::Impostor(step) => {
            format!("whoever can stand in for {}", party_name(model, receiver(model, graph.step(step))))
        }
    }
}

fn sender(model: &Model, step: &Step) -> NodeId {
    model.sender(model.hop(step.hop))
}

fn receiver(model: &Model, step: &Step) -> NodeId {
    model.receiver(model.hop(step.hop))
}

fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
