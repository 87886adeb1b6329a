//! The ways in for clients: what can be called, ways around whatever fronts it, and servers with addresses of their
//! own.

use super::draft::{Draft, Exposure, NodeFacts, Opening, Registration, private_network};
use super::world::ResourceId;
use crate::model::{
    Accepts, Doubt, Face, Hop, HopId, Leg, ListenerId, Model, NodeId, NodeKind, Operator, Segment, TlsFloor, Transport,
    Verification,
};
use crate::value::When;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::mem::Discriminant;

/// Ports on which a server that nothing in the code calls is taken to answer clients.
const WEB_PORTS: [i64; 4] = [80, 443, 8080, 8443];
/// SSH and remote desktop: people manage servers by them, and no message of an application goes there.
const ADMINISTRATION_PORTS: [i64; 2] = [22, 3389];

/// Adds the hops that start at a client, once all others are joined.
pub(super) fn join(draft: &mut Draft<'_>) {
    let calls = calls(draft);
    join_entries(draft, &calls);
    join_exposed(draft, &calls);
    join_registrations(draft);
    mark_ways_around(draft);
}

/// A client's own call of a node goes around whatever calls that node, where the internet reaches the caller by another way.
fn mark_ways_around(draft: &mut Draft<'_>) {
    let (internet, model) = (draft.internet, &mut draft.model);
    let upstream = Upstream::of(model, model.listener(internet).node);
    let mut callers: BTreeMap<NodeId, BTreeSet<NodeId>> = BTreeMap::new();
    for hop in model.hops.iter().filter(|hop| hop.segment == Segment::Request) {
        let from = model.sender(hop);
        if model.node(from).kind != NodeKind::Client {
            callers.entry(model.receiver(hop)).or_default().insert(from);
        }
    }
    let is_fronted = |node: NodeId| {
        let others = callers.get(&node).into_iter().flatten().filter(|caller| **caller != node);
        others.into_iter().any(|caller| upstream.reaches_without(*caller, node))
    };
    let mut known: BTreeMap<NodeId, bool> = BTreeMap::new();
    let listeners = &model.listeners;
    for hop in model.hops.iter_mut().filter(|hop| hop.from == internet) {
        let node = listeners.get(hop.to.0).map(|listener| listener.node);
        hop.bypass = node.is_some_and(|node| *known.entry(node).or_insert_with(|| is_fronted(node)));
    }
}

/// How the client's messages get to each node.
struct Upstream {
    client: NodeId,
    /// The node before on a shortest way from the client, for all that it reaches but itself.
    before: HashMap<NodeId, NodeId>,
    /// All nodes before, among those that the client reaches.
    all_before: HashMap<NodeId, Vec<NodeId>>,
}

impl Upstream {
    fn of(model: &Model, client: NodeId) -> Self {
        let mut onward: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        for hop in &model.hops {
            onward.entry(model.sender(hop)).or_default().push(model.receiver(hop));
        }
        let mut found = Self { client, before: HashMap::new(), all_before: HashMap::new() };
        let mut open = VecDeque::from([client]);
        while let Some(node) = open.pop_front() {
            for next in onward.get(&node).into_iter().flatten().filter(|next| **next != client) {
                found.all_before.entry(*next).or_default().push(node);
                if let Entry::Vacant(vacant) = found.before.entry(*next) {
                    vacant.insert(node);
                    open.push_back(*next);
                }
            }
        }
        found
    }

    /// Whether the client's messages get to a node by a way that leaves `without` out. A shortest way tells it in most cases; only
    /// where that one does not is what lies before the node searched.
    fn reaches_without(&self, node: NodeId, without: NodeId) -> bool {
        let mut way = std::iter::successors(Some(node), |node| self.before.get(node).copied());
        if self.before.contains_key(&node) && !way.any(|passed| passed == without) {
            return true;
        }
        let mut seen = HashSet::from([without, node]);
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            if next == self.client {
                return true;
            }
            open.extend(self.all_before.get(&next).into_iter().flatten().filter(|before| seen.insert(**before)));
        }
        false
    }
}

/// What is called in a way that the code shows, and is registered elsewhere besides, may be called by a balancer there in
/// another. Runs once all other ways are there.
fn join_registrations(draft: &mut Draft<'_>) {
    let calls = calls(draft);
    let mut balancers: BTreeMap<ResourceId, ListenerId> = BTreeMap::new();
    let mut seen = HashSet::new();
    for registration in std::mem::take(&mut draft.registrations) {
        let Registration { target, by, leg, via, when, doubt } = registration;
        let is_called = draft.home(target).is_some_and(|node| calls.contains_key(&node));
        let Some(to) = draft.front(target).filter(|_| is_called) else { continue };
        let from = *balancers.entry(by).or_insert_with(|| balancer_elsewhere(draft, by, &doubt));
        if seen.insert((from, to, when.clone(), doubt.what.clone())) {
            let hop = Hop { via, when, ..request(from, to, vec![leg]) };
            draft.model.hops.push(hop);
        }
    }
}

/// A balancer of other code, which may pass on what it does not open, and of which it is not known who can call it.
fn balancer_elsewhere(draft: &mut Draft<'_>, by: ResourceId, doubt: &Doubt) -> ListenerId {
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Unknown,
        party: "the load balancer",
        why: "its targets are registered; the balancer itself is not in this code",
    };
    let node = draft.node_beside(&draft.world.block(by), "load-balancer", facts);
    draft.may_pass(node);
    let listener = draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt.clone()))]);
    let entry = request(draft.internet, listener, vec![Leg::new(Transport::ByListener, Vec::new())]);
    draft.model.hops.push(Hop { doubt: Some(doubt.clone()), ..entry });
    listener
}

fn request(from: ListenerId, to: ListenerId, legs: Vec<Leg>) -> Hop {
    Hop {
        from,
        to,
        legs,
        port: None,
        via: Vec::new(),
        evidence: Vec::new(),
        when: None,
        segment: Segment::Request,
        bypass: false,
        doubt: None,
    }
}

/// Requests from node to node, by the node that is called.
fn calls(draft: &Draft<'_>) -> BTreeMap<NodeId, Vec<HopId>> {
    let mut calls: BTreeMap<NodeId, Vec<HopId>> = BTreeMap::new();
    for (index, hop) in draft.model.hops.iter().enumerate() {
        if hop.segment == Segment::Request {
            calls.entry(draft.model.receiver(hop)).or_default().push(HopId(index));
        }
    }
    calls
}

/// Clients reach what faces the internet; what only a private network reaches has a client there unless the code
/// calls it. A way in beside a node that fronts the same target exists as far as the network lets the internet
/// through.
fn join_entries(draft: &mut Draft<'_>, calls: &BTreeMap<NodeId, Vec<HopId>>) {
    let mut private = None;
    for entry in std::mem::take(&mut draft.entries) {
        let listener = draft.model.listener(entry.listener).clone();
        let fronted = calls.contains_key(&listener.node);
        let (from, doubt) = match entry.exposure {
            Exposure::Internet => (draft.internet, None),
            Exposure::Unknown(doubt) => (draft.internet, Some(doubt)),
            Exposure::Private if fronted => continue,
            Exposure::Private => (*private.get_or_insert_with(|| private_network(&mut draft.model)), None),
        };
        let ways = match draft.guards.get(&listener.node) {
            Some(openings) if fronted => {
                ways_to_listener(openings, listener.port, &draft.model.node(listener.node).address)
            }
            _ => vec![Opening::unguarded()],
        };
        let entry_when = When::both(entry.when.as_ref(), listener.when.as_ref());
        for way in ways {
            let when = When::both(entry_when.as_ref(), way.when.as_ref());
            if when.as_ref().is_some_and(|when| !when.satisfiable()) {
                continue;
            }
            let legs = vec![Leg::new(Transport::ByListener, entry.evidence.clone())];
            draft.model.hops.push(Hop {
                port: listener.port,
                via: listener.via.iter().cloned().collect(),
                evidence: way.evidence,
                when,
                doubt: doubt.clone().or(way.doubt),
                ..request(from, entry.listener, legs)
            });
        }
    }
}

/// The openings of a balancer for one of its listeners. A listener that answers on a balancer which the internet can call
/// on another port is a way in: it is there to be called, and one rule of a group away. Only groups that let nobody of
/// the internet in close a balancer.
fn ways_to_listener(openings: &[Opening], port: Option<i64>, address: &str) -> Vec<Opening> {
    match openings.iter().find(|opening| opening.is_certain() && admits(opening, None)) {
        Some(certain) => vec![certain.clone()],
        None => ways_through(openings, port, address),
    }
}

/// The openings that let the internet in on a port: a certain one alone, else all under a condition and one doubtful
/// one.
fn ways_through(openings: &[Opening], port: Option<i64>, address: &str) -> Vec<Opening> {
    let mut open: Vec<Opening> = openings.iter().filter(|opening| admits(opening, port)).cloned().collect();
    if port.is_none() {
        let partial = |opening: &&mut Opening| opening.doubt.is_none() && opening.ports != Opening::ALL_PORTS;
        open.iter_mut().filter(partial).for_each(|opening| opening.doubt = Some(unknown_port(address)));
    }
    if let Some(certain) = open.iter().find(|opening| opening.is_certain()) {
        return vec![certain.clone()];
    }
    let mut doubted = false;
    open.retain(|opening| opening.doubt.is_none() || !std::mem::replace(&mut doubted, true));
    open
}

fn admits(opening: &Opening, port: Option<i64>) -> bool {
    match port {
        Some(port) => opening.ports.contains(&port),
        None => !ADMINISTRATION_PORTS.iter().any(|port| opening.ports == (*port..=*port)),
    }
}

fn unknown_port(address: &str) -> Doubt {
    Doubt::new(
        format!("the port of {address}"),
        format!("the network lets the internet in on some ports, and on which port {address} is called is not known"),
        "give the port a value",
        None,
    )
}

/// Servers that the internet can call themselves. Where the code calls a server, clients may do the same on the same
/// port; where it does not, the ports that applications commonly use are ways in.
fn join_exposed(draft: &mut Draft<'_>, calls: &BTreeMap<NodeId, Vec<HopId>>) {
    let mut listeners: BTreeMap<NodeId, ListenerId> = BTreeMap::new();
    for (index, listener) in draft.model.listeners.iter().enumerate() {
        listeners.entry(listener.node).or_insert(ListenerId(index));
    }
    let resources: BTreeMap<NodeId, ResourceId> = draft.homes.iter().map(|(id, node)| (*node, *id)).collect();
    for (node, openings) in std::mem::take(&mut draft.exposed) {
        let exists = resources.get(&node).and_then(|id| draft.existence(*id));
        let openings: Vec<Opening> = openings.into_iter().map(|opening| opening.under(exists.as_ref())).collect();
        let found: Vec<Hop> = match calls.get(&node) {
            Some(calls) => {
                let beside =
                    listeners.get(&node).into_iter().flat_map(|it| on_other_ports(draft, *it, calls, &openings));
                calls.iter().flat_map(|call| around(draft, *call, &openings)).chain(beside).collect()
            }
            None => {
                let listener = listeners.get(&node).copied();
                listener.map(|listener| direct(draft.internet, listener, &openings)).unwrap_or_default()
            }
        };
        let mut seen = HashSet::new();
        draft.model.hops.extend(found.into_iter().filter(|hop| seen.insert(Way::of(hop))));
    }
}

/// What tells one direct call of a server from another.
#[derive(PartialEq, Eq, Hash)]
struct Way {
    to: ListenerId,
    port: Option<i64>,
    when: Option<When>,
    transports: Vec<(Option<When>, Discriminant<Transport>)>,
}

impl Way {
    fn of(hop: &Hop) -> Self {
        let transports = hop.legs.iter().map(|leg| (leg.when.clone(), std::mem::discriminant(&leg.transport)));
        Self { to: hop.to, port: hop.port, when: hop.when.clone(), transports: transports.collect() }
    }
}

/// The client's own call beside one that a node makes.
fn around(draft: &Draft<'_>, call: HopId, openings: &[Opening]) -> Vec<Hop> {
    let call = draft.model.hop(call);
    let address = &draft.model.node(draft.model.receiver(call)).address;
    let mut found = Vec::new();
    for way in ways_through(openings, call.port, address) {
        let when = When::both(call.when.as_ref(), way.when.as_ref());
        if when.as_ref().is_none_or(When::satisfiable) {
            let legs = call.legs.iter().map(|leg| direct_leg(leg, &way)).collect();
            let doubt = way.doubt.or_else(|| call.doubt.clone());
            found.push(Hop { port: call.port, when, doubt, ..request(draft.internet, call.to, legs) });
        }
    }
    found
}

/// The code calls the server on some ports, and its groups open others by name on which applications answer: perhaps this one
/// does too.
fn on_other_ports(draft: &Draft<'_>, listener: ListenerId, calls: &[HopId], openings: &[Opening]) -> Vec<Hop> {
    let called: Vec<Option<i64>> = calls.iter().map(|call| draft.model.hop(*call).port).collect();
    if called.contains(&None) {
        return Vec::new();
    }
    let address = &draft.model.node(draft.model.listener(listener).node).address;
    let mut found = Vec::new();
    for opening in openings {
        let (port, last) = (*opening.ports.start(), *opening.ports.end());
        if port != last || !WEB_PORTS.contains(&port) || called.contains(&Some(port)) {
            continue;
        }
        let what = format!("whether {address} answers on port {port}");
        let message = format!(
            "the network lets the internet in on port {port}, and whether {address} answers there is not known"
        );
        let doubt = Doubt::new(what, message, "close the port, or assume what is served there", None);
        let legs = vec![Leg::new(Transport::ByListener, opening.evidence.clone())];
        let (when, doubt) = (opening.when.clone(), opening.doubt.clone().or(Some(doubt)));
        found.push(Hop { port: Some(port), when, doubt, ..request(draft.internet, listener, legs) });
    }
    found
}

/// What is spoken to the server on a port is what it serves there. Whether a client can verify it is another matter:
/// the certificate may be one that only the caller in front accepts.
fn direct_leg(leg: &Leg, way: &Opening) -> Leg {
    let transport = match &leg.transport {
        Transport::Plaintext => Transport::Plaintext,
        Transport::Tls { .. } => Transport::Tls { floor: TlsFloor::unknown(), verification: Verification::Unknown },
        Transport::AsReceived | Transport::ByListener | Transport::Unknown(_) => Transport::ByListener,
    };
    let evidence = way.evidence.iter().chain(&leg.evidence).cloned().collect();
    Leg { when: leg.when.clone(), transport, evidence }
}

/// Ways in to a server that nothing fronts, one an opening. Only what is surely let in counts: a doubt alone makes no
/// entry.
fn direct(internet: ListenerId, listener: ListenerId, openings: &[Opening]) -> Vec<Hop> {
    let mut found = Vec::new();
    for opening in openings.iter().filter(|opening| opening.doubt.is_none()) {
        let served: Vec<i64> = WEB_PORTS.into_iter().filter(|port| opening.ports.contains(port)).collect();
        let port = match served.as_slice() {
            [] => continue,
            [port] => Some(*port),
            _ => None,
        };
        let legs = vec![Leg::new(Transport::ByListener, opening.evidence.clone())];
        found.push(Hop { port, when: opening.when.clone(), ..request(internet, listener, legs) });
    }
    found
}
