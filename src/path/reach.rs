//! Reachability and witness paths. Cost follows what is reached, not the size of the graph.

use super::graph::{Graph, StateId, StepId};
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
}

/// Steps of a way from a start to an end.
pub type Witness = Vec<StepId>;

impl Reach {
    /// Breadth first forward, then backward within what was reached: linear, and the ways found are shortest ones.
    pub fn new(graph: &Graph, starts: &[StateId], ends: &[StateId], admit: impl Fn(StepId) -> bool) -> Self {
        let admitted = |steps: &[StepId]| steps.iter().copied().filter(|step| admit(*step)).collect::<Vec<_>>();
        let forward = search(starts.iter().copied(), |state| {
            admitted(graph.leaving(state)).into_iter().map(|step| (step, graph.step(step).to)).collect()
        });
        let reached_ends = ends.iter().copied().filter(|end| forward.contains_key(end));
        let backward = search(reached_ends, |state| {
            let steps = admitted(graph.reaching(state)).into_iter();
            steps.map(|step| (step, graph.step(step).from)).filter(|(_, from)| forward.contains_key(from)).collect()
        });
        let mut on_way: Vec<_> = backward.keys().copied().collect();
        on_way.sort_unstable();
        Self { forward, backward, on_way }
    }

    /// States on a way from a start to an end, sorted.
    pub fn on_way(&self) -> &[StateId] {
        &self.on_way
    }

    /// Whether a state lies on a way from a start to an end.
    pub fn holds(&self, state: StateId) -> bool {
        self.backward.contains_key(&state)
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

fn search(
    starts: impl Iterator<Item = StateId>,
    next: impl Fn(StateId) -> Vec<(StepId, StateId)>,
) -> HashMap<StateId, Option<StepId>> {
    let mut seen = HashMap::new();
    let mut queue = VecDeque::new();
    for start in starts {
        if seen.insert(start, None).is_none() {
            queue.push_back(start);
        }
    }
    while let Some(state) = queue.pop_front() {
        for (step, neighbour) in next(state) {
            if let std::collections::hash_map::Entry::Vacant(entry) = seen.entry(neighbour) {
                entry.insert(Some(step));
                queue.push_back(neighbour);
            }
        }
    }
    seen
}
