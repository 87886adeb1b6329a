//! The analysis is linear in nodes and hops.
#![cfg(test)]

use e2e_lint::claim::{Claim, judge, summarize, trials};
use e2e_lint::model::{
    Accepts, Face, Hop, Leg, Listener, ListenerId, Model, Node, NodeId, NodeKind, Operator, Segment, TlsFloor,
    Transport, Verification,
};
use e2e_lint::path::Graph;
use std::time::{Duration, Instant};

/// A client, and `chains` chains of `length` proxies that each end at a server.
fn model(chains: usize, length: usize) -> Model {
    let mut model = Model::default();
    add(&mut model, NodeKind::Client);
    for _ in 0..chains {
        let mut from = ListenerId(0);
        for position in 0..length {
            let kind = if position + 1 == length { NodeKind::Server } else { NodeKind::Proxy };
            let to = add(&mut model, kind);
            let tls = Transport::Tls { floor: TlsFloor::unknown(), verification: Verification::Verified };
            let transport = if position == 0 { Transport::ByListener } else { tls };
            model.hops.push(hop(from, to, transport));
            from = to;
        }
    }
    model
}

fn add(model: &mut Model, kind: NodeKind) -> ListenerId {
    let node = NodeId(model.nodes.len());
    model.nodes.push(Node {
        stack: None,
        address: format!("n{}", node.0).into(),
        type_name: None,
        account: None,
        kind,
        operator: Operator::Unknown,
        party: "a node".to_owned(),
        why: String::new(),
        span: None,
        companions: Vec::new(),
        may_pass: false,
        stored: Vec::new(),
        unread: Vec::new(),
        doubt: None,
    });
    let faces = vec![Face::always(Accepts::Tls { floor: TlsFloor::unknown(), evidence: Vec::new() })];
    model.listeners.push(Listener { node, port: None, faces, via: None, when: None });
    ListenerId(model.listeners.len() - 1)
}

fn hop(from: ListenerId, to: ListenerId, transport: Transport) -> Hop {
    Hop {
        from,
        to,
        legs: vec![Leg::new(transport, Vec::new())],
        port: None,
        via: Vec::new(),
        evidence: Vec::new(),
        when: None,
        segment: Segment::Request,
        bypass: false,
        doubt: None,
    }
}

fn analyse(model: &Model) -> Duration {
    let start = Instant::now();
    let graph = Graph::new(model);
    judge(&Claim::built_in(), model, &graph);
    summarize(model, &graph);
    start.elapsed()
}

#[test]
fn ten_times_the_nodes_take_about_ten_times_as_long() {
    for (small, large) in [(model(1_000, 10), model(10_000, 10)), (model(10, 1_000), model(100, 1_000))] {
        let (first, second) = (analyse(&small), analyse(&large));
        assert!(second < first * 30, "10,000 nodes took {first:?}, 100,000 nodes {second:?}");
    }
}

#[test]
fn many_unproven_claims_share_what_one_may_take() {
    let model = model(1_000, 10);
    let hops = |claims: usize| trials(&model, claims) * claims * model.hops.len();
    assert!(hops(1) > 0, "a single claim is looked into");
    for claims in [10, 100, 1_000, 100_000] {
        assert!(hops(claims) <= 2 * hops(1), "{claims} claims take {} hops, one takes {}", hops(claims), hops(1));
    }
}
