//! Assumptions: facts that the code cannot show. They fill in what is undeclared and never overrule what the code says.

use super::Pattern;
use super::pattern::named;
use crate::model::{Accepts, Evidence, Listener, ListenerId, Model, NodeId, TlsFloor};
use crate::path::{Graph, StepId, Wire};
use crate::source::Span;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serves {
    Tls,
    Plaintext,
}

/// A fact with its reason; an expired one is not applied.
#[derive(Clone, Debug)]
pub struct Assumption {
    pub node: Pattern,
    pub port: Option<i64>,
    pub serves: Serves,
    pub because: String,
    pub until: Option<String>,
    pub expired: bool,
    pub span: Span,
}

/// What became of an assumption; the later variant is the better outcome.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applied {
    Expired,
    /// It names nothing in the code.
    NamesNothing,
    /// The code leaves nothing open about what the nodes with these addresses serve there.
    DecidedByCode(Vec<Arc<str>>),
    /// It decided something at these nodes.
    Used(Vec<NodeId>),
}

/// Applies the assumptions to the model's undeclared listeners, those on one port first; one answer for each assumption.
pub fn assume(model: &mut Model, assumptions: &[Assumption]) -> Vec<Applied> {
    let mut found: Vec<Option<Applied>> = vec![None; assumptions.len()];
    for on_a_port in [true, false] {
        for (assumption, found) in assumptions.iter().zip(&mut found) {
            if assumption.port.is_some() == on_a_port {
                *found = Some(apply(model, assumption));
            }
        }
    }
    found.into_iter().flatten().collect()
}

fn apply(model: &mut Model, assumption: &Assumption) -> Applied {
    if assumption.expired {
        return Applied::Expired;
    }
    let nodes = named(model, std::slice::from_ref(&assumption.node));
    if nodes.is_empty() {
        return Applied::NamesNothing;
    }
    let used: Vec<_> = nodes.iter().copied().filter(|node| fill_in(model, *node, assumption)).collect();
    if !used.is_empty() {
        return Applied::Used(used);
    }
    Applied::DecidedByCode(nodes.iter().map(|node| Arc::clone(&model.node(*node).address)).collect())
}

/// Steps to the assumed nodes that surely are not what the assumption says.
pub fn contradicting<'a>(
    assumption: &'a Assumption,
    model: &'a Model,
    graph: &'a Graph,
) -> impl Iterator<Item = StepId> + 'a {
    let nodes = if assumption.expired { Vec::new() } else { named(model, std::slice::from_ref(&assumption.node)) };
    graph.step_ids().filter(move |id| {
        let step = graph.step(*id);
        let hop = model.hop(step.hop);
        let port = hop.port.or(model.listeners[hop.to.0].port);
        let opposite = match assumption.serves {
            Serves::Tls => matches!(step.wire, Wire::Plaintext),
            Serves::Plaintext => matches!(step.wire, Wire::Tls { .. }),
        };
        let sure = step.certain && step.when.is_none() && hop.doubt.is_none();
        opposite && sure && assumption.port.is_none_or(|own| port == Some(own)) && nodes.contains(&model.receiver(hop))
    })
}

/// A listener for any port gets a twin for the assumed port, to which the hops on that port are turned.
fn fill_in(model: &mut Model, node: NodeId, assumption: &Assumption) -> bool {
    let undeclared = |listener: &Listener| {
        listener.node == node && listener.faces.iter().any(|face| matches!(face.accepts, Accepts::Undeclared(_)))
    };
    let found: Vec<_> = (0..model.listeners.len()).filter(|index| undeclared(&model.listeners[*index])).collect();
    let mut used = false;
    for index in found {
        match (assumption.port, model.listeners[index].port) {
            (None, _) => declare(&mut model.listeners[index], assumption),
            (Some(wanted), Some(own)) if wanted == own => declare(&mut model.listeners[index], assumption),
            (Some(_), Some(_)) => continue,
            (Some(wanted), None) => {
                let twin = ListenerId(model.listeners.len());
                let mut listener = model.listeners[index].clone();
                listener.port = Some(wanted);
                declare(&mut listener, assumption);
                model.listeners.push(listener);
                let to_turn = |hop: &&mut crate::model::Hop| hop.to == ListenerId(index) && hop.port == Some(wanted);
                model.hops.iter_mut().filter(to_turn).for_each(|hop| hop.to = twin);
                let onward: Vec<_> = model.hops.iter().filter(|hop| hop.from == ListenerId(index)).cloned().collect();
                model.hops.extend(onward.into_iter().map(|hop| crate::model::Hop { from: twin, ..hop }));
            }
        }
        used = true;
    }
    used
}

/// Of a listener with several faces, only those count that the code leaves open.
fn declare(listener: &mut Listener, assumption: &Assumption) {
    for face in &mut listener.faces {
        if matches!(face.accepts, Accepts::Undeclared(_)) {
            face.accepts = assumed(assumption);
        }
    }
}

fn assumed(assumption: &Assumption) -> Accepts {
    let fact = format!("assumed: {}", assumption.because);
    match assumption.serves {
        Serves::Tls => {
            let evidence = Evidence::new(fact, "assumed to end TLS here", assumption.span);
            Accepts::Tls { floor: TlsFloor::unknown(), evidence: vec![evidence] }
        }
        Serves::Plaintext => {
            let evidence = Evidence::new(fact, "assumed to serve plaintext", assumption.span);
            Accepts::Plaintext(vec![evidence])
        }
    }
}
