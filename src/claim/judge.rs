//! The theorem: a claim holds if and only if, on every way between its ends, nobody outside the ends can read.

use super::pattern::named;
use super::{Claim, Pattern, Promise, cases, hold};
use crate::model::{
    Custody, Doubt, Evidence, KeyId, Model, Node, NodeId, NodeKind, Segment, StoredData, TlsVersion, Verification,
};
use crate::path::{Graph, Inner, Reader, ReaderKind, Start, Step, StepId, Ways, Wire, Witness};
use crate::value::When;
use std::collections::{BTreeSet, HashSet};

/// Loose ends that are told of a claim without a path.
const MOST_LOOSE_ENDS: usize = 3;

/// The later variant is the worse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    Holds,
    NoPath,
    Unproven,
    Broken,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Broken => "broken",
            Self::Unproven => "unproven",
            Self::NoPath => "no-path",
        }
    }
}

/// Something that keeps a claim from being proven.
#[derive(Clone, Debug)]
pub struct Gap {
    pub kind: GapKind,
    pub doubt: Doubt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapKind {
    /// It is not known whether the step is encrypted.
    Step(StepId),
    /// It is not known whether the message goes this way.
    Way(StepId),
    /// It is not known which least TLS version the step accepts.
    Version(StepId),
    /// It is not known what stands at the node, so the message may come back from there.
    Node(NodeId),
    /// It is not known how a node's data is stored.
    AtRest(NodeId),
    /// It is not known who holds the payload's key.
    Payload,
    /// It is not known who holds the key of a node's data.
    StoredKey(NodeId),
}

/// Stored data whose custody is weaker than the claim asks for.
#[derive(Clone, Debug)]
pub struct AtRestGap {
    pub node: NodeId,
    pub data: StoredData,
    pub custody: Custody,
    pub certain: bool,
}

/// What was found out about one claim.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub verdict: Verdict,
    pub from: Vec<NodeId>,
    pub to: Vec<NodeId>,
    /// Readers that break the promise, certain and possible ones.
    pub readers: Vec<Reader>,
    /// A way for each of them.
    pub witnesses: Vec<Witness>,
    /// Possible readers of which in every case one reads for certain, each with its condition; none where some case is left
    /// out or one reader is certain anyway.
    pub cases: Vec<(Reader, When)>,
    /// Readers that the claim accepts.
    pub accepted: Vec<Reader>,
    /// Steps that accept less than the claim's least TLS version, with whether that is certain.
    pub weak: Vec<(StepId, TlsVersion, bool)>,
    pub at_rest: Vec<AtRestGap>,
    pub gaps: Vec<Gap>,
    /// Whether the payload is closed between the ends, so that what happens on the way does not matter.
    pub closed: bool,
    /// Keys that close no bodies though the claim names them, or though a node on the way encrypts with them.
    pub unfit: Vec<KeyId>,
    /// Steps on the ways between the ends.
    pub steps: Vec<StepId>,
    /// Parts of the ends that lie on no way though others do.
    pub unreached: Vec<Pattern>,
}

/// Judges one claim.
pub fn judge(claim: &Claim, model: &Model, graph: &Graph) -> Judgement {
    let (from, to) = ends(claim, model);
    let is_to: BTreeSet<NodeId> = to.iter().copied().collect();
    let is_from: BTreeSet<NodeId> = from.iter().copied().collect();
    let is_end = |node: NodeId| is_to.contains(&node) || is_from.contains(&node);
    let in_transit = claim.promise == Promise::EncryptedInTransit;
    // A promise about every hop knows no inside: hops within one end count as well.
    let is_inside = |first: NodeId, second: NodeId| {
        let both = |end: &BTreeSet<NodeId>| end.contains(&first) && end.contains(&second);
        !in_transit && (both(&is_to) || both(&is_from))
    };
    let states = |nodes: &[NodeId]| nodes.iter().flat_map(|node| graph.states_at(*node)).copied().collect::<Vec<_>>();
    let (starts, goals) = (states(&from), states(&to));
    let ways = Ways::new(model, graph, Start::States(&starts), &goals);
    if from.is_empty() || to.is_empty() || !ways.exist() {
        let gaps = if to.is_empty() { Vec::new() } else { loose_ends(&ways, &is_end) };
        return Judgement { verdict: Verdict::NoPath, from, to, gaps, ..Judgement::nothing() };
    }
    let (accepted, readers): (Vec<Reader>, Vec<Reader>) = ways
        .readers(&is_end, &is_inside)
        .into_iter()
        .filter(|reader| breaks(claim, reader))
        .partition(|reader| may_read(claim, model, graph, reader));
    let witnesses = readers.iter().map(|reader| ways.witness(reader)).collect();
    let steps = ways.steps();
    let mut judgement = Judgement { from, to, readers, witnesses, accepted, steps, ..Judgement::nothing() };
    if judgement.readers.iter().all(|reader| !reader.certain) {
        judgement.cases = cases::in_every_case(&ways, judgement.readers.iter().zip(&judgement.witnesses));
    }
    judgement.weak = weak_steps(claim, graph, &ways);
    judgement.at_rest = weak_custody(claim, model, &judgement.ends());
    judgement.gaps = gaps(claim, &ways, &is_end, &is_inside);
    judgement.unreached = unreached(claim, &ways);
    hold::settle(claim, model, graph, &mut judgement);
    judgement.verdict = verdict(&judgement);
    judgement
}

/// Where the ways from the first end leave what is known, and may lead to the other end from there.
fn loose_ends(ways: &Ways<'_>, is_end: &dyn Fn(NodeId) -> bool) -> Vec<Gap> {
    let of_node = |(node, doubt)| Gap { kind: GapKind::Node(node), doubt };
    let unknown = unknown_nodes(ways, is_end).into_iter().filter(|(node, _)| ways.model.node(*node).doubt.is_some());
    let mut seen = HashSet::new();
    let unknown = unknown.filter(|(_, doubt)| seen.insert((doubt.what.clone(), doubt.span)));
    unknown.take(MOST_LOOSE_ENDS).map(of_node).collect()
}

/// The patterns of which no node lies on a way: of them the claim says nothing, so that it is not true as a whole.
fn unreached(claim: &Claim, ways: &Ways<'_>) -> Vec<Pattern> {
    let is_on_way = |node: &NodeId| ways.graph.states_at(*node).iter().any(|state| ways.possible.holds(*state));
    let is_apart = |pattern: &&Pattern| !named(ways.model, std::slice::from_ref(*pattern)).iter().any(is_on_way);
    claim.from.iter().chain(&claim.to).filter(is_apart).cloned().collect()
}

impl Judgement {
    /// Both ends, where a claim means them alike.
    pub fn ends(&self) -> Vec<NodeId> {
        [self.from.as_slice(), &self.to].concat()
    }

    fn nothing() -> Self {
        Self {
            verdict: Verdict::NoPath,
            from: Vec::new(),
            to: Vec::new(),
            readers: Vec::new(),
            witnesses: Vec::new(),
            cases: Vec::new(),
            accepted: Vec::new(),
            weak: Vec::new(),
            at_rest: Vec::new(),
            gaps: Vec::new(),
            closed: false,
            unfit: Vec::new(),
            steps: Vec::new(),
            unreached: Vec::new(),
        }
    }
}

/// Refute with certain facts only, or with facts of which one is certain in each case; prove only where nothing is unknown.
fn verdict(judgement: &Judgement) -> Verdict {
    let certain = judgement.readers.iter().any(|reader| reader.certain)
        || !judgement.cases.is_empty()
        || judgement.weak.iter().any(|(_, _, certain)| *certain)
        || judgement.at_rest.iter().any(|gap| gap.certain);
    let anything = !judgement.readers.is_empty()
        || !judgement.weak.is_empty()
        || !judgement.at_rest.is_empty()
        || !judgement.gaps.is_empty();
    match (certain, anything) {
        (true, _) => Verdict::Broken,
        (false, true) => Verdict::Unproven,
        (false, false) if !judgement.unreached.is_empty() => Verdict::NoPath,
        (false, false) => Verdict::Holds,
    }
}

/// The built-in claim runs from every client to everything that answers or keeps data.
fn ends(claim: &Claim, model: &Model) -> (Vec<NodeId>, Vec<NodeId>) {
    if claim.declared {
        return (named(model, &claim.from), named(model, &claim.to));
    }
    let to = model.node_ids().filter(|id| model.node(*id).kind.is_end()).collect();
    (model.clients(), to)
}

/// Which readers a promise forbids.
fn breaks(claim: &Claim, reader: &Reader) -> bool {
    match reader.kind {
        ReaderKind::Network(_) => true,
        ReaderKind::Impostor(_) => claim.counts_impostors(),
        ReaderKind::Node(_) | ReaderKind::Companion(..) | ReaderKind::Holder(..) => claim.promise == Promise::EndToEnd,
    }
}

/// A claim may accept nodes and the parties beside them. The network of a plaintext hop has no name and is never accepted;
/// an impostor is accepted where both nodes of its hop are, since it can only stand in for what may read anyway.
pub(super) fn may_read(claim: &Claim, model: &Model, graph: &Graph, reader: &Reader) -> bool {
    let accepts = |node: NodeId| claim.may_read.iter().any(|pattern| pattern.names_party(model.node(node)));
    match reader.kind {
        ReaderKind::Node(node) => accepts(node),
        // Whoever accepts a node has not thereby accepted the code that runs there or the logs that it writes.
        ReaderKind::Companion(node, number) => model
            .node(node)
            .companions
            .get(number)
            .is_some_and(|companion| claim.may_read.iter().any(|pattern| pattern.names_companion(companion))),
        ReaderKind::Network(_) => false,
        ReaderKind::Holder(key, number) => model.key(key).holders.get(number).is_some_and(|holder| {
            let named = claim.may_read.iter().any(|pattern| pattern.names_holder(holder));
            named || (!holder.nodes.is_empty() && holder.nodes.iter().all(|node| accepts(*node)))
        }),
        ReaderKind::Impostor(step) => {
            let hop = model.hop(graph.step(step).hop);
            claim.verify_peers != Some(true) && accepts(model.sender(hop)) && accepts(model.receiver(hop))
        }
    }
}

fn weak_steps(claim: &Claim, graph: &Graph, ways: &Ways<'_>) -> Vec<(StepId, TlsVersion, bool)> {
    let Some(least) = claim.min_tls else { return Vec::new() };
    let weak = |id: StepId| match &graph.step(id).wire {
        Wire::Tls { floor, .. } => {
            let version = floor.version.filter(|version| *version < least)?;
            // That all alternatives are encrypted does not make them all weak.
            let certain = graph.step(id).certain && graph.step(id).when.is_none();
            Some((id, version, certain && ways.surely_crosses(id)))
        }
        _ => None,
    };
    ways.steps().into_iter().filter_map(weak).collect()
}

fn weak_custody(claim: &Claim, model: &Model, ends: &[NodeId]) -> Vec<AtRestGap> {
    let Some(least) = claim.at_rest else { return Vec::new() };
    let mut found = Vec::new();
    for node in ends {
        for data in &model.node(*node).stored {
            if let Ok(custody) = &data.custody
                && *custody < least
            {
                let certain = data.when.is_none();
                found.push(AtRestGap { node: *node, data: data.clone(), custody: *custody, certain });
            }
        }
    }
    found
}

fn gaps(
    claim: &Claim,
    ways: &Ways<'_>,
    is_end: &dyn Fn(NodeId) -> bool,
    is_inside: &dyn Fn(NodeId, NodeId) -> bool,
) -> Vec<Gap> {
    let model = ways.model;
    // In the order of the ways: file ids carry no order that output may depend on.
    let mut found: Vec<Gap> = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |kind: GapKind, doubt: Doubt| {
        if seen.insert((doubt.what.clone(), doubt.span)) {
            found.push(Gap { kind, doubt });
        }
    };
    step_gaps(claim, ways, is_inside, &mut add);
    for (node, doubt) in unknown_nodes(ways, is_end) {
        add(GapKind::Node(node), doubt);
    }
    if claim.at_rest.is_some() {
        for node in model.node_ids().filter(|node| is_end(*node)) {
            for doubt in unknown_storage(model.node(node)) {
                add(GapKind::AtRest(node), doubt);
            }
        }
    }
    found
}

fn step_gaps(
    claim: &Claim,
    ways: &Ways<'_>,
    is_inside: &dyn Fn(NodeId, NodeId) -> bool,
    add: &mut dyn FnMut(GapKind, Doubt),
) {
    let (model, graph) = (ways.model, ways.graph);
    let (mut said, mut unsaid) = (false, None);
    for id in ways.steps() {
        let step = graph.step(id);
        let hop = model.hop(step.hop);
        // A client's session that goes on inside an end has come in from outside of it, in the same wrapping.
        let comes_in = graph.state_of(step.from).inner.is_heading();
        if hop.segment == Segment::Request && !comes_in && is_inside(model.sender(hop), model.receiver(hop)) {
            continue;
        }
        // Of a session through pass-through nodes, the last step says what is not known.
        let goes_on = graph.state_of(step.to).inner == Inner::ToUndeclared
            && graph.leaving(step.to).iter().any(|next| ways.possible.crosses(graph, *next));
        match unknown_transport(step) {
            Some(doubt) if goes_on => unsaid = unsaid.or_else(|| Some((id, doubt.clone()))),
            Some(doubt) => {
                said = true;
                add(GapKind::Step(id), doubt.clone());
            }
            None => {}
        }
        if let Some(doubt) = sent_elsewhere(model, step) {
            add(GapKind::Way(id), doubt.clone());
        }
        if let Some(doubt) = unknown_version(claim, model, graph, id) {
            add(GapKind::Version(id), doubt);
        }
        if let Some(doubt) = unknown_verification(claim, model, step) {
            add(GapKind::Step(id), doubt);
        }
    }
    // Pass-through nodes in a circle have no last step.
    if let Some((id, doubt)) = unsaid.filter(|_| !said) {
        add(GapKind::Step(id), doubt);
    }
}

/// Where the message may come back from: what stands outside the code, and code that is not there but was handed
/// something on the way.
pub(super) fn unknown_nodes(ways: &Ways<'_>, is_end: &dyn Fn(NodeId) -> bool) -> Vec<(NodeId, Doubt)> {
    let mut found = Vec::new();
    for state in &ways.short_of_ends {
        let id = ways.model.listener(ways.graph.state_of(*state).listener).node;
        let node = ways.model.node(id);
        if node.kind == NodeKind::External && !is_end(id) {
            let literal = || {
                let message =
                    format!("{} is not in this code, and what it does with the message is not known", node.party);
                let settle = "lint the code that declares it together with this code";
                Doubt::new(node.party.clone(), message, settle, node.span)
            };
            found.push((id, node.doubt.clone().unwrap_or_else(literal)));
        }
        found.extend(node.unread.iter().map(|doubt| (id, doubt.clone())));
    }
    found
}

/// Why it is not known how an end keeps its data. A server whose disks the code does not show is one of them.
fn unknown_storage(node: &Node) -> Vec<Doubt> {
    let silent = node.stored.is_empty() && matches!(node.kind, NodeKind::Server | NodeKind::Store);
    let undeclared = silent.then(|| {
        let what = format!("the disks of {}", node.address);
        let settle = "declare its volumes with their encryption";
        Doubt::new(what.clone(), format!("the code does not show {what}"), settle, node.span)
    });
    let doubtful = |data: &StoredData| {
        let doubt = data.custody.as_ref().err()?;
        let told = data.when.as_ref().map(|when| format!("when {}, {}", when.text(), doubt.message));
        Some(Doubt { message: told.unwrap_or_else(|| doubt.message.clone()), ..doubt.clone() })
    };
    node.stored.iter().filter_map(doubtful).chain(undeclared).collect()
}

fn unknown_verification(claim: &Claim, model: &Model, step: &Step) -> Option<Doubt> {
    let Wire::Tls { verification, continues: false, .. } = &step.wire else { return None };
    let why = match verification {
        Verification::Unknown if claim.verify_peers.is_some() => "is not documented",
        Verification::Undecided => "is decided by what is not known here",
        _ => return None,
    };
    if !claim.counts_impostors() {
        return None;
    }
    let hop = model.hop(step.hop);
    let (sender, receiver) = (model.node(model.sender(hop)), model.node(model.receiver(hop)));
    let what = format!("whether {} verifies {}", sender.address, receiver.address);
    let settle = "say `verify-peers: false` to leave active readers out of the claim";
    Some(Doubt::new(what.clone(), format!("{what} {why}"), settle, receiver.span))
}

/// Why the message may go elsewhere than over this step. Of a client's own hop a doubt says only that it may not be there.
pub(super) fn sent_elsewhere<'a>(model: &'a Model, step: &Step) -> Option<&'a Doubt> {
    let hop = model.hop(step.hop);
    let sent_on = hop.segment == Segment::Request && model.node(model.sender(hop)).kind != NodeKind::Client;
    hop.doubt.as_ref().filter(|_| sent_on)
}

/// Why it is not known whether a step is encrypted.
pub(super) fn unknown_transport(step: &Step) -> Option<&Doubt> {
    match &step.wire {
        Wire::Unknown(doubt) | Wire::Opaque(doubt) => Some(doubt),
        Wire::Plaintext | Wire::Tls { .. } => None,
    }
}

fn unknown_version(claim: &Claim, model: &Model, graph: &Graph, id: StepId) -> Option<Doubt> {
    claim.min_tls?;
    let step = graph.step(id);
    let Wire::Tls { floor, continues: false, .. } = &step.wire else { return None };
    if floor.version.is_some() {
        return None;
    }
    let hop = model.hop(step.hop);
    let (sender, receiver) = (model.node(model.sender(hop)), model.node(model.receiver(hop)));
    let what = format!("the least TLS version from {} to {}", sender.address, receiver.address);
    let span = step.evidence.first().map(|evidence: &Evidence| evidence.span).or(receiver.span);
    Some(Doubt::new(
        what.clone(),
        format!("{what} is not known"),
        "name a known TLS policy where there is one to name, or leave `min-tls` out of this claim",
        span,
    ))
}
