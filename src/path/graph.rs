//! The graph over (listener, what is inside): hops with their transport worked out.
//!
//! A message that arrives at a terminating listener is open there. At a pass-through listener it stays as it came:
//! in the clear, inside a TLS session that somebody started, or undecided because a client speaks whatever is served
//! at the far end. Undecided sessions are settled backwards from where they end, so a session over several
//! pass-through nodes is one TLS session. Everything is linear in listeners and hops.

use crate::model::{Accepts, Doubt, Evidence, HopId, Leg, ListenerId, Model, NodeId, TlsFloor, Transport, Verification};
use crate::value::When;
use std::collections::{BTreeMap, VecDeque};

/// What a message is wrapped in where it has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Inner {
    /// The listener ends the transport: the node handles the message itself.
    Opened,
    /// Passed through in the clear.
    Plaintext,
    /// Passed through inside a TLS session.
    Tls,
    /// Passed through, and whoever ends it decides what the client speaks.
    Undecided,
    /// Passed through, and the sender's protocol is not known.
    Unknown,
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
    /// `continues` for a session that an earlier step started: its verification is that step's.
    Tls { floor: TlsFloor, verification: Verification, continues: bool },
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
        graph.settle();
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
                    let (wire, arrived) = carry(leg, &face.accepts, inner);
                    let mut evidence = leg.evidence.clone();
                    if matches!(leg.transport, Transport::ByListener) {
                        evidence.extend(accepted_because(&face.accepts));
                    }
                    found.push((wire, arrived, when, evidence));
                }
            }
        }
        let sure = hop.when.is_none() && hop.doubt.is_none();
        let arrives = sure && found.iter().all(|(_, arrived, ..)| Some(arrived) == found.first().map(|first| &first.1));
        let class = |wire: &Wire| std::mem::discriminant(wire);
        let certain = arrives && found.iter().all(|(wire, ..)| found.first().is_some_and(|first| class(wire) == class(&first.0)));
        for (wire, arrived, when, evidence) in found {
            let to = self.state(model, State { listener: hop.to, inner: arrived });
            let id = StepId(self.steps.len());
            self.leaving[from.0].push(id);
            self.reaching[to.0].push(id);
            self.steps.push(Step { hop: hop_id, from, to, wire, evidence, when, arrives, certain });
        }
    }

    /// Settles undecided sessions backwards from where they end.
    fn settle(&mut self) {
        let mut outcome: BTreeMap<StateId, Outcome> = BTreeMap::new();
        let undecided = |graph: &Self, id: StateId| graph.state_of(id).inner == Inner::Undecided;
        let mut queue: VecDeque<StateId> = VecDeque::new();
        for step in &self.steps {
            if undecided(self, step.from) && !undecided(self, step.to) {
                merge(&mut outcome, step.from, &Outcome::of(&step.wire), &mut queue);
            }
        }
        while let Some(state) = queue.pop_front() {
            let Some(known) = outcome.get(&state).cloned() else { continue };
            for step in self.reaching(state).to_vec() {
                let from = self.step(step).from;
                if undecided(self, from) {
                    merge(&mut outcome, from, &known, &mut queue);
                }
            }
        }
        for index in 0..self.steps.len() {
            let to = self.steps[index].to;
            if undecided(self, to) {
                let settled = outcome.get(&to).map(Outcome::wire);
                if let Some(wire) = settled {
                    self.steps[index].wire = wire;
                }
            }
        }
    }
}

/// What stands at the far end of an undecided session.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Plaintext,
    Tls(TlsFloor),
    /// Not known, or not the same at every far end.
    Unknown(Doubt),
}

impl Outcome {
    fn of(wire: &Wire) -> Self {
        match wire {
            Wire::Plaintext => Self::Plaintext,
            Wire::Tls { floor, .. } => Self::Tls(floor.clone()),
            Wire::Opaque(doubt) | Wire::Unknown(doubt) => Self::Unknown(doubt.clone()),
        }
    }

    fn wire(&self) -> Wire {
        match self {
            Self::Plaintext => Wire::Plaintext,
            Self::Tls(floor) => {
                Wire::Tls { floor: floor.clone(), verification: Verification::Verified, continues: false }
            }
            Self::Unknown(doubt) => Wire::Opaque(doubt.clone()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Tls(_) => 0,
            Self::Plaintext => 1,
            Self::Unknown(_) => 2,
        }
    }
}

/// Different far ends leave the session unknown; a state changes at most twice, which keeps settling linear.
fn merge(outcome: &mut BTreeMap<StateId, Outcome>, state: StateId, new: &Outcome, queue: &mut VecDeque<StateId>) {
    let merged = match outcome.get(&state) {
        None => new.clone(),
        Some(known) if known.rank() == new.rank() || matches!(known, Outcome::Unknown(_)) => return,
        Some(_) => match new {
            Outcome::Unknown(_) => new.clone(),
            _ => Outcome::Unknown(Doubt::new(
                "what the far ends serve",
                "some targets serve TLS and others plaintext behind the same listener",
                "put them behind listeners of their own",
                None,
            )),
        },
    };
    outcome.insert(state, merged);
    queue.push_back(state);
}

fn accepted_because(accepts: &Accepts) -> Vec<Evidence> {
    match accepts {
        Accepts::Plaintext(evidence) | Accepts::Opaque(evidence) | Accepts::Tls { evidence, .. } => evidence.clone(),
        Accepts::Undeclared(_) => Vec::new(),
    }
}

/// What is on the wire, and what the message is wrapped in where it arrives.
fn carry(leg: &Leg, accepts: &Accepts, inner: Inner) -> (Wire, Inner) {
    let passes = matches!(accepts, Accepts::Opaque(_));
    let arrived = |inside: Inner| if passes { inside } else { Inner::Opened };
    match &leg.transport {
        Transport::Plaintext => (Wire::Plaintext, arrived(Inner::Plaintext)),
        Transport::Unknown(doubt) => (Wire::Unknown(doubt.clone()), arrived(Inner::Unknown)),
        Transport::Tls { floor, verification } => match accepts {
            Accepts::Plaintext(evidence) => (Wire::Unknown(tls_to_plaintext(evidence)), Inner::Opened),
            _ => {
                let wire = Wire::Tls { floor: floor.clone(), verification: *verification, continues: false };
                (wire, arrived(Inner::Tls))
            }
        },
        Transport::ByListener => (served(accepts), arrived(Inner::Undecided)),
        Transport::AsReceived => pass_on(accepts, inner, passes),
    }
}

/// What a client speaks to a listener.
fn served(accepts: &Accepts) -> Wire {
    match accepts {
        Accepts::Plaintext(_) => Wire::Plaintext,
        Accepts::Tls { floor, .. } => {
            Wire::Tls { floor: floor.clone(), verification: Verification::Verified, continues: false }
        }
        Accepts::Undeclared(doubt) => Wire::Unknown(doubt.clone()),
        Accepts::Opaque(_) => Wire::Opaque(Doubt::new(
            "what stands behind the listener",
            "nothing in this code stands behind the listener",
            "lint the code that registers its targets together with this code",
            None,
        )),
    }
}

fn pass_on(accepts: &Accepts, inner: Inner, passes: bool) -> (Wire, Inner) {
    let arrived = if passes { inner } else { Inner::Opened };
    let wire = match (inner, accepts) {
        (Inner::Plaintext, _) => Wire::Plaintext,
        (Inner::Tls, Accepts::Plaintext(evidence)) => Wire::Unknown(tls_to_plaintext(evidence)),
        (Inner::Tls, _) => {
            Wire::Tls { floor: TlsFloor::unknown(), verification: Verification::Verified, continues: true }
        }
        (Inner::Undecided | Inner::Opened, Accepts::Undeclared(doubt)) => Wire::Opaque(doubt.clone()),
        (Inner::Undecided | Inner::Opened, _) => served(accepts),
        (Inner::Unknown, _) => Wire::Unknown(Doubt::new(
            "the sender's protocol",
            "the sender's protocol is not known",
            "give the sender's protocol a value",
            None,
        )),
    };
    (wire, arrived)
}

fn tls_to_plaintext(evidence: &[Evidence]) -> Doubt {
    let message = "the sender speaks TLS and the listener plaintext: the connection cannot succeed";
    Doubt::new("TLS to a plaintext listener", message, "make both speak TLS", evidence.first().map(|first| first.span))
}
