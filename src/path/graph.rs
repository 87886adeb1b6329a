//! The graph over (listener, what is inside): hops with their transport worked out.
//!
//! A message that arrives at a terminating listener is open there. At a pass-through listener it stays as it came:
//! in the clear or inside a TLS session that somebody started. A client speaks whatever is served at the far end:
//! it gets one state for each thing that may be served there, and the states that no far end takes up are pruned.
//! So a session over several pass-through nodes is one session. Everything is linear in listeners and hops.

use crate::model::{
    Accepts, Doubt, Evidence, HopId, Leg, ListenerId, Model, NodeId, TlsFloor, Transport, Verification,
};
use crate::value::When;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What a message is wrapped in where it has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Inner {
    /// The listener ends the transport: the node handles the message itself.
    Opened,
    /// Passed through in the clear.
    Plaintext,
    /// Passed through inside a TLS session.
    Tls,
    /// Passed through, and the sender's protocol is not known.
    Unknown,
    /// A client's message, passed through to a far end that serves plaintext.
    ToPlaintext,
    /// A client's message, passed through to a far end that serves TLS.
    ToTls,
    /// A client's message, passed through to a far end of which the code does not show what it serves.
    ToUndeclared,
}

impl Inner {
    /// Whether the message goes to a far end that is still to come.
    pub fn is_heading(self) -> bool {
        matches!(self, Self::ToPlaintext | Self::ToTls | Self::ToUndeclared)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State {
    pub listener: ListenerId,
    pub inner: Inner,
}

/// Index into [`Graph::states`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub usize);

/// Index into [`Graph::steps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId(pub usize);

/// What is on the wire of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Wire {
    Plaintext,
    /// `continues` where another step of the same session has its floor and verification.
    Tls {
        floor: TlsFloor,
        verification: Verification,
        continues: bool,
    },
    /// Bytes passed through unread, of a protocol that the code does not show.
    Opaque(Doubt),
    Unknown(Doubt),
}

/// A hop in one state and one alternative of its transport.
#[derive(Clone, Debug)]
pub struct Step {
    pub hop: HopId,
    pub from: StateId,
    pub to: StateId,
    pub wire: Wire,
    /// What decides the wire.
    pub evidence: Vec<Evidence>,
    /// The condition of the hop and of this alternative together.
    pub when: Option<When>,
    /// The message surely goes this way whatever the alternatives are.
    pub arrives: bool,
    /// The wire is surely of this class, whatever the alternatives are.
    pub certain: bool,
}

/// All steps, with the steps that leave and reach each state.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    pub states: Vec<State>,
    pub steps: Vec<Step>,
    leaving: Vec<Vec<StepId>>,
    reaching: Vec<Vec<StepId>>,
    ids: BTreeMap<State, StateId>,
    at_node: BTreeMap<NodeId, Vec<StateId>>,
}

impl Graph {
    pub fn new(model: &Model) -> Self {
        let mut hops_from: BTreeMap<ListenerId, Vec<HopId>> = BTreeMap::new();
        for (index, hop) in model.hops.iter().enumerate() {
            hops_from.entry(hop.from).or_default().push(HopId(index));
        }
        let mut graph = Self::default();
        for (index, listener) in model.listeners.iter().enumerate() {
            if listener.faces.iter().any(|face| !matches!(face.accepts, Accepts::Opaque(_))) {
                graph.state(model, State { listener: ListenerId(index), inner: Inner::Opened });
            }
        }
        let mut next = 0;
        while let Some(state) = graph.states.get(next).copied() {
            for hop in hops_from.get(&state.listener).into_iter().flatten() {
                graph.add_hop(model, StateId(next), state.inner, *hop);
            }
            next += 1;
        }
        graph.prune();
        graph
    }

    pub fn state_of(&self, id: StateId) -> State {
        self.states[id.0]
    }

    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.0]
    }

    pub fn leaving(&self, state: StateId) -> &[StepId] {
        self.leaving.get(state.0).map_or(&[], Vec::as_slice)
    }

    pub fn reaching(&self, state: StateId) -> &[StepId] {
        self.reaching.get(state.0).map_or(&[], Vec::as_slice)
    }

    pub fn step_ids(&self) -> impl Iterator<Item = StepId> + use<> {
        (0..self.steps.len()).map(StepId)
    }

    /// States in which a message is at the node.
    pub fn states_at(&self, node: NodeId) -> &[StateId] {
        self.at_node.get(&node).map_or(&[], Vec::as_slice)
    }

    fn state(&mut self, model: &Model, state: State) -> StateId {
        if let Some(id) = self.ids.get(&state) {
            return *id;
        }
        let id = StateId(self.states.len());
        self.states.push(state);
        self.leaving.push(Vec::new());
        self.reaching.push(Vec::new());
        self.ids.insert(state, id);
        self.at_node.entry(model.listener(state.listener).node).or_default().push(id);
        id
    }

    /// One step for each pair of a leg and a face that can be true together.
    fn add_hop(&mut self, model: &Model, from: StateId, inner: Inner, hop_id: HopId) {
        let hop = model.hop(hop_id);
        let mut found = Vec::new();
        for leg in &hop.legs {
            for face in &model.listener(hop.to).faces {
                let alternative = When::both(leg.when.as_ref(), face.when.as_ref());
                let when = When::both(hop.when.as_ref(), alternative.as_ref());
                if when.as_ref().is_none_or(When::satisfiable) {
                    let mut evidence = leg.evidence.clone();
                    if matches!(leg.transport, Transport::ByListener) {
                        evidence.extend(accepted_because(&face.accepts));
                    }
                    for (wire, arrived) in carry(leg, &face.accepts, inner) {
                        found.push((wire, arrived, when.clone(), evidence.clone()));
                    }
                }
            }
        }
        let sure = hop.when.is_none() && hop.doubt.is_none();
        // Who can read is the same on all wires of a class.
        let class = |wire: &Wire| {
            let is_open_to_impostors = matches!(wire, Wire::Tls { verification: Verification::Unverified, .. });
            (std::mem::discriminant(wire), is_open_to_impostors)
        };
        let alike = |same: &dyn Fn(&Alternative) -> bool| found.iter().all(same);
        let judged: Vec<(bool, bool)> = found
            .iter()
            .map(|(wire, arrived, when, _)| {
                let arrives = sure && (when.is_none() || alike(&|other| other.1 == *arrived));
                let certain = arrives && (when.is_none() || alike(&|other| class(&other.0) == class(wire)));
                (arrives, certain)
            })
            .collect();
        for ((wire, arrived, when, evidence), (arrives, certain)) in found.into_iter().zip(judged) {
            let to = self.state(model, State { listener: hop.to, inner: arrived });
            let id = StepId(self.steps.len());
            self.leaving[from.0].push(id);
            self.reaching[to.0].push(id);
            self.steps.push(Step { hop: hop_id, from, to, wire, evidence, when, arrives, certain });
        }
    }

    /// Removes a client's steps towards far ends that nothing behind the listener is. Where nothing at all is behind it,
    /// the step towards the undeclared stays: the client can call there, and what answers is not known.
    fn prune(&mut self) {
        let mut alive = vec![false; self.states.len()];
        let mut queue: VecDeque<StateId> = VecDeque::new();
        for (index, state) in self.states.iter().enumerate() {
            if !state.inner.is_heading() {
                alive[index] = true;
                queue.push_back(StateId(index));
            }
        }
        while let Some(state) = queue.pop_front() {
            for step in self.reaching(state) {
                let from = self.step(*step).from;
                if !std::mem::replace(&mut alive[from.0], true) {
                    queue.push_back(from);
                }
            }
        }
        let leads_on: BTreeSet<(StateId, HopId)> =
            self.steps.iter().filter(|step| alive[step.to.0]).map(|step| (step.from, step.hop)).collect();
        let stays = |step: &Step| {
            let fallback =
                self.states[step.to.0].inner == Inner::ToUndeclared && !leads_on.contains(&(step.from, step.hop));
            alive[step.to.0] || fallback
        };
        let candidates: Vec<&Step> = self.steps.iter().filter(|step| stays(step)).collect();
        let reached = self.reached_headings(&candidates);
        let arrives_there = |step: &Step| !self.states[step.from.0].inner.is_heading() || reached.contains(&step.from);
        let kept: Vec<Step> = candidates.into_iter().filter(|step| arrives_there(step)).cloned().collect();
        self.leaving = vec![Vec::new(); self.states.len()];
        self.reaching = vec![Vec::new(); self.states.len()];
        for (index, step) in kept.iter().enumerate() {
            self.leaving[step.from.0].push(StepId(index));
            self.reaching[step.to.0].push(StepId(index));
        }
        self.steps = kept;
    }
}

impl Graph {
    /// Headings at which a client's message arrives over the given steps.
    fn reached_headings(&self, steps: &[&Step]) -> BTreeSet<StateId> {
        let mut leaving: BTreeMap<StateId, Vec<StateId>> = BTreeMap::new();
        let mut queue: VecDeque<StateId> = VecDeque::new();
        for step in steps.iter().filter(|step| self.states[step.to.0].inner.is_heading()) {
            if self.states[step.from.0].inner.is_heading() {
                leaving.entry(step.from).or_default().push(step.to);
            } else {
                queue.push_back(step.to);
            }
        }
        let mut reached = BTreeSet::new();
        while let Some(state) = queue.pop_front() {
            if reached.insert(state) {
                queue.extend(leaving.get(&state).into_iter().flatten());
            }
        }
        reached
    }
}

/// Wire, arrival, condition and evidence of one way over a hop.
type Alternative = (Wire, Inner, Option<When>, Vec<Evidence>);

fn accepted_because(accepts: &Accepts) -> Vec<Evidence> {
    match accepts {
        Accepts::Plaintext(evidence) | Accepts::Opaque(evidence) | Accepts::Tls { evidence, .. } => evidence.clone(),
        Accepts::Undeclared(_) => Vec::new(),
    }
}

/// What is on the wire, and what the message is wrapped in where it arrives: one answer, none where the far end takes
/// nothing of the kind, several where a client may find several kinds of far ends.
fn carry(leg: &Leg, accepts: &Accepts, inner: Inner) -> Vec<(Wire, Inner)> {
    let passes = matches!(accepts, Accepts::Opaque(_));
    let arrived = |inside: Inner| if passes { inside } else { Inner::Opened };
    match &leg.transport {
        Transport::Plaintext => vec![(Wire::Plaintext, arrived(Inner::Plaintext))],
        Transport::Unknown(doubt) => vec![(Wire::Unknown(doubt.clone()), arrived(Inner::Unknown))],
        Transport::Tls { floor, verification } => match accepts {
            Accepts::Plaintext(evidence) => vec![(Wire::Unknown(tls_to_plaintext(evidence)), Inner::Opened)],
            _ => {
                let wire = Wire::Tls { floor: floor.clone(), verification: *verification, continues: false };
                vec![(wire, arrived(Inner::Tls))]
            }
        },
        Transport::ByListener => by_listener(accepts),
        Transport::AsReceived => pass_on(accepts, inner).into_iter().collect(),
    }
}

/// A client speaks what is served: by the listener, or by whatever stands behind a listener that passes bytes.
fn by_listener(accepts: &Accepts) -> Vec<(Wire, Inner)> {
    match accepts {
        Accepts::Plaintext(_) => vec![(Wire::Plaintext, Inner::Opened)],
        Accepts::Tls { floor, .. } => vec![(session(floor.clone(), false), Inner::Opened)],
        Accepts::Undeclared(doubt) => vec![(Wire::Unknown(doubt.clone()), Inner::Opened)],
        Accepts::Opaque(_) => vec![
            (Wire::Plaintext, Inner::ToPlaintext),
            (session(TlsFloor::unknown(), true), Inner::ToTls),
            (Wire::Opaque(behind_listener()), Inner::ToUndeclared),
        ],
    }
}

/// A TLS session of a client, which verifies who answers.
fn session(floor: TlsFloor, continues: bool) -> Wire {
    Wire::Tls { floor, verification: Verification::Verified, continues }
}

fn behind_listener() -> Doubt {
    Doubt::new(
        "what stands behind the listener",
        "the listener passes bytes on, and the code does not show what its targets serve",
        "say in e2e-lint.yaml what they serve: assume: [{node: ..., serves: tls, because: ...}]",
        None,
    )
}

fn pass_on(accepts: &Accepts, inner: Inner) -> Option<(Wire, Inner)> {
    let passes = matches!(accepts, Accepts::Opaque(_));
    let arrived = if passes { inner } else { Inner::Opened };
    let wire = match (inner, accepts) {
        (Inner::Opened, _) => return by_listener(accepts).into_iter().next(),
        (Inner::Plaintext, _) | (Inner::ToPlaintext, Accepts::Plaintext(_) | Accepts::Opaque(_)) => Wire::Plaintext,
        (Inner::Tls, Accepts::Plaintext(evidence)) => Wire::Unknown(tls_to_plaintext(evidence)),
        (Inner::Tls, _) | (Inner::ToTls, Accepts::Opaque(_)) => session(TlsFloor::unknown(), true),
        (Inner::ToTls, Accepts::Tls { floor, .. }) => session(floor.clone(), false),
        (Inner::ToUndeclared, Accepts::Undeclared(doubt)) => Wire::Opaque(doubt.clone()),
        (Inner::ToUndeclared, Accepts::Opaque(_)) => Wire::Opaque(behind_listener()),
        (Inner::ToPlaintext | Inner::ToTls | Inner::ToUndeclared, _) => return None,
        (Inner::Unknown, _) => Wire::Unknown(Doubt::new(
            "the sender's protocol",
            "the sender's protocol is not known",
            "give the sender's protocol a value",
            None,
        )),
    };
    Some((wire, arrived))
}

fn tls_to_plaintext(evidence: &[Evidence]) -> Doubt {
    let message = "the sender speaks TLS and the listener plaintext: the connection cannot succeed";
    Doubt::new("TLS to a plaintext listener", message, "make both speak TLS", evidence.first().map(|first| first.span))
}
