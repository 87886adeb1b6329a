//! What may honestly be said: the strongest true sentence of a path, and of a claim.

mod claim;
mod path;

pub use claim::claim_sentence;
pub use path::{PathSummary, summarize};

use crate::model::{Model, NodeId};
use crate::path::{Graph, Reader, ReaderKind, Step};

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
