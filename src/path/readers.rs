//! Who can read a message on its way between two ends.

use super::graph::{Graph, Inner, StateId, StepId, Wire};
use super::reach::{Reach, Start, Witness};
use crate::model::{CompanionKind, KeyId, Model, NodeId, NodeKind, Segment, Verification};
use crate::value::When;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How a party comes to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReaderKind {
    /// A node that ends the transport.
    Node(NodeId),
    /// A party beside a node: edge code, a log, a traffic mirror. The index is into [`crate::model::Node::companions`].
    Companion(NodeId, usize),
    /// Whoever sees the network of a step that is in the clear.
    Network(StepId),
    /// Whoever can stand in for the next node, because the sender does not verify it. Reads actively only.
    Impostor(StepId),
    /// Whoever can decrypt what a key closes: a payload, or stored data. On no way by itself; the claim says which keys
    /// count. The index is into [`crate::model::Key::holders`].
    Holder(KeyId, usize),
}

/// A party outside the ends that can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    pub kind: ReaderKind,
    /// Proven, not only possible.
    pub certain: bool,
}

/// The ways between two ends: those that may exist and those that surely do.
pub struct Ways<'a> {
    pub model: &'a Model,
    pub graph: &'a Graph,
    pub possible: Reach,
    pub certain: Reach,
    /// States that a message may reach without having passed an end, on a way or not, sorted.
    pub short_of_ends: Vec<StateId>,
}

impl<'a> Ways<'a> {
    pub fn new(model: &'a Model, graph: &'a Graph, start: Start<'_>, ends: &[StateId]) -> Self {
        let possible = Reach::new(graph, start, ends, |_| true);
        let certain = Reach::new(graph, start, ends, |step| graph.step(step).arrives);
        let is_end: HashSet<StateId> = ends.iter().copied().collect();
        let before = Reach::new(graph, start, &[], |step| !is_end.contains(&graph.step(step).from));
        Self { model, graph, possible, certain, short_of_ends: before.reached() }
    }

    /// Whether there is any way at all.
    pub fn exist(&self) -> bool {
        !self.possible.on_way().is_empty()
    }

    /// Steps on a way, in the order of the states they leave.
    pub fn steps(&self) -> Vec<StepId> {
        self.possible.steps(self.graph)
    }

    /// Whether the step surely lies on a way.
    pub fn surely_crosses(&self, step: StepId) -> bool {
        self.certain.crosses(self.graph, step)
    }

    /// A shortest way on which the reader reads: a certain one where it is certain.
    pub fn witness(&self, reader: &Reader) -> Witness {
        let reach = if reader.certain { &self.certain } else { &self.possible };
        match reader.kind {
            ReaderKind::Network(step) | ReaderKind::Impostor(step) => reach.witness_of_step(self.graph, step),
            ReaderKind::Companion(node, number) if self.is_on_wire(node, number) => {
                let steps = reach.steps(self.graph);
                let heard = |id: &&StepId| self.hears(**id, node, number).is_some_and(|sure| sure || !reader.certain);
                let step = steps.iter().find(heard);
                step.map(|step| reach.witness_of_step(self.graph, *step)).unwrap_or_default()
            }
            ReaderKind::Node(node) | ReaderKind::Companion(node, _) => {
                let opened =
                    |state: &&StateId| self.graph.state_of(**state).inner == Inner::Opened && reach.holds(**state);
                let state = self.graph.states_at(node).iter().find(opened);
                state.map(|state| reach.witness_of_state(self.graph, *state)).unwrap_or_default()
            }
            ReaderKind::Holder(..) => Witness::new(),
        }
    }

    /// The conditions on its witness under which a reader that is only possible reads for certain; `None` where more than
    /// conditions keeps it from being certain.
    pub fn conditions(&self, reader: &Reader, witness: &[StepId]) -> Option<Vec<&'a When>> {
        let sure_beside = |node: NodeId, number: usize| {
            let companion = self.model.node(node).companions.get(number);
            companion.is_some_and(|companion| companion.certain && !companion.kind.is_on_wire())
        };
        let hangs_on_the_way = match reader.kind {
            ReaderKind::Node(_) | ReaderKind::Network(_) | ReaderKind::Impostor(_) => true,
            ReaderKind::Companion(node, number) => sure_beside(node, number),
            ReaderKind::Holder(..) => false,
        };
        let doubted = |id: &StepId| self.model.hop(self.graph.step(*id).hop).doubt.is_some();
        let may_pass = match reader.kind {
            ReaderKind::Node(node) | ReaderKind::Companion(node, _) => self.model.node(node).may_pass,
            ReaderKind::Network(_) | ReaderKind::Impostor(_) | ReaderKind::Holder(..) => false,
        };
        if !hangs_on_the_way || may_pass || witness.is_empty() || witness.iter().any(doubted) {
            return None;
        }
        Some(witness.iter().filter_map(|id| self.graph.step(*id).when.as_ref()).collect())
    }

    /// All readers between the starts and the ends, nodes among the ends left out; sorted by kind.
    ///
    /// `is_inside` says of two nodes whether they belong to one and the same end: the network of a request between them
    /// is then no reader, but who gets a copy of it or opens it on the way is. For promises about every hop it says no to
    /// all.
    pub fn readers(&self, is_end: &dyn Fn(NodeId) -> bool, is_inside: &dyn Fn(NodeId, NodeId) -> bool) -> Vec<Reader> {
        let mut found: BTreeMap<ReaderKind, Reader> = BTreeMap::new();
        for state in self.possible.on_way() {
            self.readers_at(*state, is_end, &mut found);
        }
        for id in self.steps() {
            let step = self.graph.step(id);
            let hop = self.model.hop(step.hop);
            self.readers_of_wire(id, &mut found);
            if hop.segment == Segment::Request && is_inside(self.model.sender(hop), self.model.receiver(hop)) {
                continue;
            }
            let kind = match &step.wire {
                Wire::Plaintext => ReaderKind::Network(id),
                Wire::Tls { verification: Verification::Unverified, .. } => ReaderKind::Impostor(id),
                _ => continue,
            };
            let sure = step.certain && self.surely_crosses(id);
            add(&mut found, kind, sure);
        }
        found.into_values().collect()
    }

    fn readers_at(&self, id: StateId, is_end: &dyn Fn(NodeId) -> bool, found: &mut BTreeMap<ReaderKind, Reader>) {
        let state = self.graph.state_of(id);
        let id_of_node = self.model.listener(state.listener).node;
        let node = self.model.node(id_of_node);
        if state.inner != Inner::Opened || node.kind == NodeKind::Client {
            return;
        }
        let sure = self.certain.holds(id) && self.model.surely_opens(state.listener);
        let end = is_end(id_of_node);
        if !end {
            add(found, ReaderKind::Node(id_of_node), sure);
        }
        for (number, companion) in node.companions.iter().enumerate() {
            let beside = !companion.kind.is_on_wire() && (!end || companion.kind != CompanionKind::Inside);
            if beside {
                let kind = ReaderKind::Companion(id_of_node, number);
                add(found, kind, sure && companion.certain);
            }
        }
    }
}

/// Parties that read what a step carries.
impl Ways<'_> {
    fn readers_of_wire(&self, id: StepId, found: &mut BTreeMap<ReaderKind, Reader>) {
        let hop = self.model.hop(self.graph.step(id).hop);
        let ends = [self.model.sender(hop), self.model.receiver(hop)];
        for node in ends.into_iter().collect::<BTreeSet<_>>() {
            for number in 0..self.model.node(node).companions.len() {
                if let Some(sure) = self.hears(id, node, number) {
                    add(found, ReaderKind::Companion(node, number), sure && self.surely_crosses(id));
                }
            }
        }
    }

    fn is_on_wire(&self, node: NodeId, number: usize) -> bool {
        self.model.node(node).companions.get(number).is_some_and(|companion| companion.kind.is_on_wire())
    }

    /// Whether the party on the wire of a node reads what the step carries: `Some(true)` for surely.
    fn hears(&self, id: StepId, node: NodeId, number: usize) -> Option<bool> {
        let step = self.graph.step(id);
        let hop = self.model.hop(step.hop);
        let companion = self.model.node(node).companions.get(number)?;
        if node != self.model.sender(hop) && node != self.model.receiver(hop) {
            return None;
        }
        match (companion.kind, &step.wire) {
            (CompanionKind::Tap, Wire::Plaintext) => Some(companion.certain && step.certain),
            (CompanionKind::Tap, Wire::Unknown(_) | Wire::Opaque(_)) => Some(false),
            (CompanionKind::Inspector, _) => {
                let comes_in = self.model.node(self.model.sender(hop)).kind == NodeKind::Client;
                Some(companion.certain && comes_in && node == self.model.receiver(hop))
            }
            _ => None,
        }
    }
}

/// A proof replaces a possibility.
fn add(found: &mut BTreeMap<ReaderKind, Reader>, kind: ReaderKind, certain: bool) {
    let reader = found.entry(kind).or_insert(Reader { kind, certain });
    reader.certain |= certain;
}
