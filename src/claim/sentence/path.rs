//! What may honestly be said of a path: its strongest true sentence.

use super::{capitalize, list, party_name, reader_name, receiver, sender};
use crate::claim::cases;
use crate::claim::judge::{Verdict, sent_elsewhere, unknown_nodes, unknown_transport};
use crate::model::{Model, NodeId};
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
    let sentence = path_sentence(ways, &told, &readers, Way { strange, is_direct });
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

/// What there is to say of a way besides its hops and readers.
#[derive(Clone, Copy)]
struct Way {
    /// It is not known where all of the traffic goes, so that nothing is said of all of it.
    strange: bool,
    /// Clients also get to the end by way of others.
    is_direct: bool,
}

fn path_sentence(ways: &Ways<'_>, steps: &[&Step], readers: &[Reader], way: Way) -> String {
    let (model, graph) = (ways.model, ways.graph);
    let mut clauses = Vec::new();
    let mut rest = steps;
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|step| class(step) == class(first)).count();
        let (run, after) = rest.split_at(length);
        clauses.push(run_clause(model, run, run.len() == steps.len() && !way.strange));
        rest = after;
    }
    let transit = capitalize(&clauses.join("; "));
    let directly = if way.is_direct { ", where clients call it directly" } else { "" };
    format!("{transit}{directly}. {}", readers_sentence(model, graph, readers, steps, way))
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

fn readers_sentence(model: &Model, graph: &Graph, readers: &[Reader], steps: &[&Step], way: Way) -> String {
    let open = readers.iter().any(|reader| matches!(reader.kind, ReaderKind::Network(_)));
    let unknown = steps.iter().any(|step| class(step) == Class::Unknown);
    let who = parties_that_read(model, graph, readers);
    match (who.is_empty(), open) {
        (false, true) => format!("{who}, and so can anyone on the network where it is not encrypted."),
        (false, false) if way.strange => format!("{who}; who else can is not known."),
        (false, false) => format!("{who}."),
        (true, true) => "Anyone on the network where it is not encrypted can read it.".to_owned(),
        (true, false) if unknown || way.strange => "Who else can read it is not known.".to_owned(),
        (true, false) if way.is_direct => "On this way only the two ends can read it.".to_owned(),
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
