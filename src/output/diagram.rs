//! The request paths as shapes and arrows: what Mermaid, DOT and SVG draw, each in its own way.

use super::mask;
use super::wire::{self, Wire};
use crate::check::{HopRow, NodeRow, Report};
use std::collections::{BTreeMap, BTreeSet};

/// What a shape has to show also without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Client,
    /// Opens the message and is no end: drawn with a double border.
    Reader,
    /// Moves bytes without opening them.
    PassThrough,
    /// Answers or keeps the message.
    End,
    Unknown,
}

/// A node on a path.
pub(super) struct Shape {
    /// Address, then what there is to say of it; control characters are gone.
    pub lines: Vec<String>,
    pub role: Role,
}

/// Hops between the same two nodes that look alike.
pub(super) struct Arrow {
    /// Indexes into [`Diagram::shapes`].
    pub from: usize,
    pub to: usize,
    /// What is on the wire, then where it is written and under which condition.
    pub lines: Vec<String>,
    pub wire: Wire,
}

/// Nodes that no hop touches are left out.
pub(super) struct Diagram {
    pub shapes: Vec<Shape>,
    pub arrows: Vec<Arrow>,
}

pub(super) fn diagram(report: &Report) -> Diagram {
    let touched: BTreeSet<usize> = report.hops.iter().flat_map(|hop| [hop.from, hop.to]).collect();
    let several_stacks = report.stacks.len() > 1;
    let mut shapes = Vec::new();
    let mut position = BTreeMap::new();
    for node in report.nodes.iter().filter(|node| touched.contains(&node.id)) {
        position.insert(node.id, shapes.len());
        shapes.push(shape(node, several_stacks));
    }
    let mut arrows = Vec::new();
    let mut seen = BTreeSet::new();
    for hop in &report.hops {
        let (Some(from), Some(to)) = (position.get(&hop.from), position.get(&hop.to)) else { continue };
        let (lines, wire) = (arrow_lines(hop), wire::class(hop));
        if seen.insert((*from, *to, wire, lines.clone())) {
            arrows.push(Arrow { from: *from, to: *to, lines, wire });
        }
    }
    Diagram { shapes, arrows }
}

fn shape(node: &NodeRow, several_stacks: bool) -> Shape {
    let role = match (node.kind.as_str(), node.reads.as_str()) {
        ("client", _) => Role::Client,
        ("server" | "function" | "store", _) => Role::End,
        ("pass-through", _) => Role::PassThrough,
        (_, "yes") => Role::Reader,
        _ => Role::Unknown,
    };
    let note = match role {
        Role::Client => "",
        Role::Reader => "reads: ends TLS here or handles plaintext",
        Role::PassThrough => "passes bytes",
        Role::End => node.kind.as_str(),
        Role::Unknown => "not known",
    };
    let stack = node.stack.as_ref().filter(|_| several_stacks).map(|stack| format!("in {stack}")).unwrap_or_default();
    let lines = [node.address.as_str(), note, stack.as_str()];
    Shape { lines: lines.into_iter().filter(|line| !line.is_empty()).map(mask::line).collect(), role }
}

fn arrow_lines(hop: &HopRow) -> Vec<String> {
    let place = hop.evidence.first().map(|evidence| {
        let used = evidence.through.first().unwrap_or(&evidence.location);
        format!("{}:{}", used.file, used.start.line)
    });
    let when = hop.when.as_ref().map(|when| format!("when {when}"));
    let around = hop.bypass.then(|| "a way around".to_owned());
    let lines = [Some(wire::words(hop)), place, when, around];
    lines.into_iter().flatten().map(|line| mask::line(&line)).collect()
}
