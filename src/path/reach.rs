//! Reachability and witness paths. Cost follows what is reached, not the size of the graph.

use super::graph::{Graph, StateId, StepId};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

/// Which states lie on a way from the starts to the ends, over the steps that a filter admits.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Reached states, with the step by which a shortest way from a start arrives.
    forward: HashMap<StateId, Option<StepId>>,
    /// Reached states that lead to an end, with the step by which a shortest way goes on.
    backward: HashMap<StateId, Option<StepId>>,
    /// States on a way, sorted.
    on_way: Vec<StateId>,
    /// Where ways begin by chosen steps: these, sorted, and no others leave the states that they leave.
    first: Vec<StepId>,
    first_states: Vec<StateId>,
}

/// Where ways begin.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    States(&'a [StateId]),
    /// Only by these first steps: one way in of a client that has many.
    Steps(&'a [StepId]),
}

/// Steps of a way from a start to an end.
pub type Witness = Vec<StepId>;

impl Reach {
    /// Breadth first forward, then backward within what was reached: linear, and the ways found are shortest ones.
    pub fn new(graph: &Graph, start: Start<'_>, ends: &[StateId], admit: impl Fn(StepId) -> bool) -> Self {
        let admitted = |steps: &[StepId]| steps.iter().copied().filter(|step| admit(*step)).collect::<Vec<_>>();
        let mut forward = HashMap::new();
        let mut first = Vec::new();
        let seeds: Vec<(StateId, Option<StepId>)> = match start {
            Start::States(states) => states.iter().map(|state| (*state, None)).collect(),
            Start::Steps(steps) => {
                let steps = admitted(steps);
                forward.extend(steps.iter().map(|step| (graph.step(*step).from, None)));
                first.clone_from(&steps);
                steps.into_iter().map(|step| (graph.step(step).to, Some(step))).collect()
            }
        };
        search(&mut forward, seeds, |state| {
            admitted(graph.leaving(state)).into_iter().map(|step| (step, graph.step(step).to)).collect()
        });
        let reached_ends = ends.iter().copied().filter(|end| forward.contains_key(end)).map(|end| (end, None));
        let mut backward = HashMap::new();
        search(&mut backward, reached_ends.collect(), |state| {
            let steps = admitted(graph.reaching(state)).into_iter();
            steps.map(|step| (step, graph.step(step).from)).filter(|(_, from)| forward.contains_key(from)).collect()
        });
        let mut on_way: Vec<_> = backward.keys().copied().collect();
        on_way.sort_unstable();
        first.sort_unstable();
        let mut first_states: Vec<_> = first.iter().map(|step| graph.step(*step).from).collect();
        first_states.dedup();
        Self { forward, backward, on_way, first, first_states }
    }

    /// States on a way from a start to an end, sorted.
    pub fn on_way(&self) -> &[StateId] {
        &self.on_way
    }

    /// Whether a state lies on a way from a start to an end.
    pub fn holds(&self, state: StateId) -> bool {
        self.backward.contains_key(&state)
    }

    /// Whether a step lies on a way.
    pub fn crosses(&self, graph: &Graph, id: StepId) -> bool {
        let step = graph.step(id);
        let excluded = self.first_states.contains(&step.from) && self.first.binary_search(&id).is_err();
        self.holds(step.from) && self.holds(step.to) && !excluded
    }

    /// Steps on a way, in the order of the states that they leave.
    pub fn steps(&self, graph: &Graph) -> Vec<StepId> {
        let leaving = |state: &StateId| match self.first_states.contains(state) {
            true => self.first.iter().copied().filter(|step| graph.step(*step).from == *state).collect(),
            false => graph.leaving(*state).to_vec(),
        };
        self.on_way.iter().flat_map(leaving).filter(|step| self.holds(graph.step(*step).to)).collect()
    }

    pub fn is_reached(&self, state: StateId) -> bool {
        self.forward.contains_key(&state)
    }

    /// All reached states, on a way or not, sorted.
    pub fn reached(&self) -> Vec<StateId> {
        let mut reached: Vec<_> = self.forward.keys().copied().collect();
        reached.sort_unstable();
        reached
    }

    /// A shortest way that passes the state.
    pub fn witness_of_state(&self, graph: &Graph, state: StateId) -> Witness {
        let mut way = self.way_to(graph, state);
        way.extend(self.way_from(graph, state));
        way
    }

    /// A shortest way that uses the step.
    pub fn witness_of_step(&self, graph: &Graph, step: StepId) -> Witness {
        let mut way = self.way_to(graph, graph.step(step).from);
        way.push(step);
        way.extend(self.way_from(graph, graph.step(step).to));
        way
    }

    fn way_to(&self, graph: &Graph, mut state: StateId) -> Witness {
        let mut way = Vec::new();
        while let Some(step) = self.forward.get(&state).copied().flatten() {
            way.push(step);
            state = graph.step(step).from;
        }
        way.reverse();
        way
    }

    fn way_from(&self, graph: &Graph, mut state: StateId) -> Witness {
        let mut way = Vec::new();
        while let Some(step) = self.backward.get(&state).copied().flatten() {
            way.push(step);
            state = graph.step(step).to;
        }
        way
    }
}

/// Breadth first from the seeds into `seen`, which may hold states that are not to be left again.
fn search(
    seen: &mut HashMap<StateId, Option<StepId>>,
    seeds: Vec<(StateId, Option<StepId>)>,
    next: impl Fn(StateId) -> Vec<(StepId, StateId)>,
) {
    let mut queue = VecDeque::new();
    for (state, by) in seeds {
        if let Entry::Vacant(entry) = seen.entry(state) {
            entry.insert(by);
            queue.push_back(state);
        }
    }
    while let Some(state) = queue.pop_front() {
        for (step, neighbour) in next(state) {
            if let Entry::Vacant(entry) = seen.entry(neighbour) {
                entry.insert(Some(step));
                queue.push_back(neighbour);
            }
        }
    }
}
