//! The model as it is where a condition is known to hold.

use super::{Face, Hop, Leg, Model};
use crate::value::When;

impl Model {
    /// Leaves out what cannot be where `given` holds, and drops the conditions that follow from it. Nodes and listeners
    /// keep their numbers, hops do not.
    #[must_use]
    pub fn given(&self, given: &When) -> Self {
        let mut model = self.clone();
        for node in &mut model.nodes {
            node.stored.retain_mut(|data| settle(&mut data.when, given));
        }
        for listener in &mut model.listeners {
            let faces: Vec<Face> = listener.faces.iter().filter_map(|face| possible(face, given)).collect();
            // A listener that is not there keeps its faces: no hop leads to it any more.
            if !faces.is_empty() {
                listener.faces = faces;
            }
            settle(&mut listener.when, given);
        }
        let absent = |index: usize| self.listeners[index].when.as_ref().is_some_and(|when| !when.compatible(given));
        model.hops.retain_mut(|hop| settle(&mut hop.when, given) && !absent(hop.from.0) && !absent(hop.to.0));
        model.hops.retain_mut(|hop| has_legs(hop, given));
        model
    }
}

/// Whether something under the condition can be; what is certain then loses its condition.
fn settle(when: &mut Option<When>, given: &When) -> bool {
    let Some(condition) = when else { return true };
    let can_be = condition.compatible(given);
    if can_be && !condition.negated().compatible(given) {
        *when = None;
    }
    can_be
}

fn possible(face: &Face, given: &When) -> Option<Face> {
    let mut face = face.clone();
    settle(&mut face.when, given).then_some(face)
}

fn has_legs(hop: &mut Hop, given: &When) -> bool {
    hop.legs.retain_mut(|leg: &mut Leg| settle(&mut leg.when, given));
    !hop.legs.is_empty()
}
