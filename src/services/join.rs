//! Joins what the services said into hops: pools to their targets, names to what they stand for.

use super::arn;
use super::draft::{Destination, Draft, Lead, PendingHop, Place, normal_host};
use super::entries;
use super::other_edges;
use super::world::ResourceId;
use crate::model::{
    Accepts, Doubt, Evidence, Face, Hop, Leg, ListenerId, Model, Node, NodeId, NodeKind, Operator, Segment, Transport,
};
use crate::resource::{Mode, UNREAD_CODE};
use crate::value::When;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Leads nest this deep at the most (record to record to pool to target); more is a cycle or hostile.
const DEEPEST_LEAD: usize = 16;
/// One pending hop leads to at most this many listeners.
const MOST_ARRIVALS: usize = 4096;

/// Where a destination ends, with what lies between.
struct Arrival {
    listener: ListenerId,
    via: Vec<Arc<str>>,
    evidence: Vec<Evidence>,
    when: Option<When>,
    port: Option<i64>,
    /// Set where the receiving node does not listen on the port that is asked for.
    mismatch: Option<Doubt>,
    /// Why nobody may be there.
    empty: Option<Doubt>,
}

struct Joiner<'a, 'd> {
    draft: &'d mut Draft<'a>,
    listeners_of: BTreeMap<NodeId, Vec<ListenerId>>,
    /// Listeners from which something is sent on; the others of such a node only redirect or answer by themselves.
    forwarding: BTreeSet<ListenerId>,
    outside: BTreeMap<String, ListenerId>,
    /// Private zones answer the sender of the hop that is joined.
    is_inside: bool,
}

/// Turns the draft into the model.
pub fn join(mut draft: Draft<'_>) -> Model {
    let mut listeners_of: BTreeMap<NodeId, Vec<ListenerId>> = BTreeMap::new();
    for (index, listener) in draft.model.listeners.iter().enumerate() {
        listeners_of.entry(listener.node).or_default().push(ListenerId(index));
    }
    let pending = from_every_port(&draft.model, &listeners_of, std::mem::take(&mut draft.pending));
    let calls = from_every_port(&draft.model, &listeners_of, std::mem::take(&mut draft.calls));
    let forwarding = pending.iter().map(|hop| hop.from).collect();
    let mut joiner = Joiner { draft: &mut draft, listeners_of, forwarding, outside: BTreeMap::new(), is_inside: true };
    for hop in pending {
        joiner.join_hop(hop);
    }
    joiner.join_calls(calls);
    entries::join(&mut draft);
    draft.model
}

/// A server sends on from the listener that stands for all its ports. Where more is known of some of them, it sends on from there
/// as well.
fn from_every_port(
    model: &Model,
    listeners_of: &BTreeMap<NodeId, Vec<ListenerId>>,
    pending: Vec<PendingHop>,
) -> Vec<PendingHop> {
    let mut all = Vec::with_capacity(pending.len());
    for hop in pending {
        let from = model.listener(hop.from);
        if from.port.is_none() && model.node(from.node).kind == NodeKind::Server {
            let others = listeners_of.get(&from.node).into_iter().flatten();
            let known = others.filter(|id| model.listener(**id).port.is_some());
            all.extend(known.map(|id| PendingHop { from: *id, ..hop.clone() }));
        }
        all.push(hop);
    }
    all
}

impl Joiner<'_, '_> {
    /// Calls come last, when it shows which of them would lead back to the caller.
    fn join_calls(&mut self, calls: Vec<PendingHop>) {
        let before = self.draft.model.hops.len();
        let mut onward: BTreeMap<NodeId, BTreeSet<NodeId>> = BTreeMap::new();
        for hop in self.draft.model.hops.iter().filter(|hop| hop.segment == Segment::Request) {
            onward.entry(self.draft.model.sender(hop)).or_default().insert(self.draft.model.receiver(hop));
        }
        for call in calls {
            self.join_hop(call);
        }
        let made = self.draft.model.hops.split_off(before);
        let model = &self.draft.model;
        let is_call = |hop: &Hop| {
            let (from, to) = (model.sender(hop), model.receiver(hop));
            !self.draft.edges.contains(&to)
                && !other_edges::is_name_of_one(&model.node(to).party)
                && !leads_to(&onward, to, from)
        };
        let kept: Vec<Hop> = made.into_iter().filter(is_call).collect();
        self.draft.model.hops.extend(kept);
    }

    fn join_hop(&mut self, hop: PendingHop) {
        self.is_inside = !self.draft.outsiders.contains(&self.draft.model.listener(hop.from).node);
        let arrivals = self.arrivals(&hop.to);
        for arrival in arrivals {
            let mut via = hop.via.clone();
            via.extend(arrival.via);
            via.extend(self.draft.model.listener(arrival.listener).via.clone());
            via.dedup();
            let mut evidence = hop.evidence.clone();
            evidence.extend(arrival.evidence);
            let port = arrival.port.or(self.draft.model.listener(arrival.listener).port);
            let listener_when = self.draft.model.listener(arrival.listener).when.clone();
            let when =
                When::both(When::both(hop.when.as_ref(), arrival.when.as_ref()).as_ref(), listener_when.as_ref());
            if when.as_ref().is_some_and(|when| !when.satisfiable()) {
                continue;
            }
            let enclosed = self.enclosed(hop.from, arrival.listener);
            let judged = |leg: &Leg| enclosed_leg(judged_leg(leg, arrival.mismatch.as_ref()), enclosed.as_ref());
            let legs = hop.legs.iter().map(judged).collect();
            self.draft.model.hops.push(Hop {
                from: hop.from,
                to: arrival.listener,
                legs,
                port,
                via,
                evidence,
                when,
                segment: hop.segment,
                bypass: false,
                doubt: hop.doubt.clone().or(arrival.empty),
            });
        }
    }

    /// What is doubted of hops in the clear between two nodes of one network.
    fn enclosed(&self, from: ListenerId, to: ListenerId) -> Option<Doubt> {
        let network = |listener| self.draft.enclosed.get(&self.draft.model.listener(listener).node);
        let ((first, doubt), (second, _)) = (network(from)?, network(to)?);
        (first == second).then(|| doubt.clone())
    }

    fn arrivals(&mut self, to: &Destination) -> Vec<Arrival> {
        let mut found = Vec::new();
        let start = Lead::to(to.clone(), None);
        let mut seen = BTreeSet::new();
        self.follow(&start, &mut seen, 0, &mut found);
        found
    }

    /// Follows leads to listeners. `seen` holds the resources on the way here, so that a cycle ends.
    fn follow(&mut self, lead: &Lead, seen: &mut BTreeSet<ResourceId>, depth: usize, found: &mut Vec<Arrival>) {
        if depth > DEEPEST_LEAD || found.len() >= MOST_ARRIVALS {
            let what = "where a chain of names and target groups ends";
            let message = "the chain is too long or too wide to follow";
            let doubt = Doubt::new(what, message, "make the chain shorter", None);
            let listener = self.outside(what, Some(doubt));
            if found.last().is_none_or(|last| last.listener != listener) {
                found.push(arrive(listener, lead, None));
            }
            return;
        }
        match &lead.to.place {
            Place::Outside(text, doubt) => {
                let listener = self.outside(text, doubt.clone());
                found.push(arrive(listener, lead, None));
            }
            Place::Kept(party) => {
                let listener = self.kept(party);
                found.push(arrive(listener, lead, None));
            }
            Place::Listener(listener) => found.push(arrive(*listener, lead, None)),
            Place::Host(host) => {
                let next = self.leads_of_host(host);
                let kept = self.kept_from_outsiders(&self.draft.private_hosts, &normal_host(host), &next);
                let bucket = arn::of_host(host).filter(|_| next.is_empty());
                if let Some(Ok(Some(id))) = bucket.map(|name| self.named(&name)) {
                    let to = Destination { place: Place::Resource(id), port: lead.to.port };
                    self.follow(&Lead { to, ..lead.clone() }, seen, depth + 1, found);
                } else if next.is_empty() && kept.is_none() {
                    let listener = self.outside(host, None);
                    found.push(arrive(listener, lead, None));
                }
                for step in next.into_iter().chain(kept) {
                    self.follow(&combine(lead, &step, None), seen, depth + 1, found);
                }
            }
            Place::Name(name, doubt) => match self.named(name) {
                Ok(Some(id)) => {
                    let to = Destination { place: Place::Resource(id), port: lead.to.port };
                    self.follow(&Lead { to, ..lead.clone() }, seen, depth + 1, found);
                }
                Ok(None) => {
                    let listener = self.outside(name, doubt.clone());
                    found.push(arrive(listener, lead, None));
                }
                Err(ambiguous) => {
                    let listener = self.outside(name, Some(ambiguous));
                    found.push(arrive(listener, lead, None));
                }
            },
            Place::Resource(id) => match self.draft.homes.get(id).copied() {
                Some(node) => self.arrive_at_node(node, lead, found),
                None => self.follow_leads(*id, lead, seen, depth, found),
            },
            Place::TargetsOf(id) => self.follow_leads(*id, lead, seen, depth, found),
        }
    }

    fn follow_leads(
        &mut self,
        id: ResourceId,
        lead: &Lead,
        seen: &mut BTreeSet<ResourceId>,
        depth: usize,
        found: &mut Vec<Arrival>,
    ) {
        if !seen.insert(id) {
            return;
        }
        let address = self.draft.world.address(id);
        let mut steps = self.answers(&self.draft.leads, &self.draft.private_leads, &id).unwrap_or_default();
        steps.extend(self.kept_from_outsiders(&self.draft.private_leads, &id, &steps));
        if steps.is_empty() {
            let listener = self.dead_end(id, &address);
            let mut arrival = Arrival { empty: self.empty_pool(id, &address), ..arrive(listener, lead, None) };
            if self.is_pool(id) {
                arrival.via.push(address);
            }
            found.push(arrival);
        } else {
            for step in steps {
                let own = self.is_pool(id).then(|| Arc::clone(&address));
                self.follow(&combine(lead, &step, own), seen, depth + 1, found);
            }
        }
        seen.remove(&id);
    }

    /// A pool is shown on the hop; a node's own registrations are not.
    fn is_pool(&self, id: ResourceId) -> bool {
        self.draft.pools.contains_key(&id) && !self.draft.homes.contains_key(&id)
    }

    /// The listener on the asked port; without a port, all of them. Where that listener is missing or sends nothing on,
    /// the sender still sends there: the message is taken to arrive at the listeners that do, with a doubt.
    fn arrive_at_node(&mut self, node: NodeId, lead: &Lead, found: &mut Vec<Arrival>) {
        let all = self.listeners_of.get(&node).cloned().unwrap_or_default();
        let forwarding: Vec<_> = all.iter().copied().filter(|id| self.forwarding.contains(id)).collect();
        let useful = if forwarding.is_empty() { all.clone() } else { forwarding };
        let has_port = |id: &ListenerId, port: i64| self.draft.model.listener(*id).port.is_none_or(|own| own == port);
        let Some(port) = lead.to.port else {
            found.extend(useful.into_iter().map(|listener| arrive(listener, lead, None)));
            return;
        };
        let on_it: Vec<_> =
            useful.iter().copied().filter(|id| self.draft.model.listener(*id).port == Some(port)).collect();
        // What is known of a port goes before what stands for all of them.
        let chosen: Vec<_> =
            if on_it.is_empty() { useful.iter().copied().filter(|id| has_port(id, port)).collect() } else { on_it };
        if !chosen.is_empty() {
            found.extend(chosen.into_iter().map(|listener| arrive(listener, lead, None)));
            return;
        }
        let doubt = self.no_way_on(node, port, all.iter().any(|id| has_port(id, port)));
        if useful.is_empty() {
            let faces = vec![Face::always(Accepts::Undeclared(doubt))];
            let listener = self.draft.listen(node, lead.to.port, faces);
            self.listeners_of.entry(node).or_default().push(listener);
            found.push(arrive(listener, lead, None));
        } else {
            found.extend(useful.into_iter().map(|listener| arrive(listener, lead, Some(doubt.clone()))));
        }
    }

    fn no_way_on(&self, node: NodeId, port: i64, listens: bool) -> Doubt {
        let node = self.draft.model.node(node);
        let address = &node.address;
        let message = if listens {
            format!("the listener of {address} on port {port} sends nothing on")
        } else {
            format!("{address} has no listener on port {port} in this code")
        };
        let settle = format!("send to a port on which {address} listens and forwards");
        Doubt::new(format!("{address} on port {port}"), message, settle, node.span)
    }

    /// Exact names first, then a wildcard record one label up.
    fn leads_of_host(&self, host: &str) -> Vec<Lead> {
        let host = normal_host(host);
        let of = |name: &String| self.answers(&self.draft.hosts, &self.draft.private_hosts, name);
        let wildcard = || host.split_once('.').and_then(|(_, rest)| of(&format!("*.{rest}")));
        of(&host).or_else(wildcard).unwrap_or_default()
    }

    /// What zones answer the sender; `None` where no zone that answers it has the name.
    fn answers<K: Ord>(
        &self,
        public: &BTreeMap<K, Vec<Lead>>,
        private: &BTreeMap<K, Vec<Lead>>,
        name: &K,
    ) -> Option<Vec<Lead>> {
        let private = private.get(name).filter(|_| self.is_inside);
        match (public.get(name), private) {
            (None, None) => None,
            (public, private) => Some([public, private].into_iter().flatten().flatten().cloned().collect()),
        }
    }

    /// Where a sender outside of all private networks gets no answer by `public`, as only they do.
    fn kept_from_outsiders<K: Ord>(&self, private: &BTreeMap<K, Vec<Lead>>, name: &K, public: &[Lead]) -> Option<Lead> {
        let private = private.get(name).filter(|_| !self.is_inside)?;
        let rest = When::otherwise(public.iter().map(|lead| lead.when.as_ref()))?;
        let record = private.first()?.via.first()?;
        let what = format!("{record} as the internet sees it");
        let message = format!("{record} is in a private zone, which answers only inside its networks");
        let settle = "declare a record in a public zone, or call it from inside the network";
        let doubt = Doubt::new(what.clone(), message, settle, None);
        let any = When::any_of(private.iter().map(|lead| lead.when.as_ref()));
        Some(Lead {
            to: Destination { place: Place::Outside(what, Some(doubt)), port: None },
            via: Vec::new(),
            when: When::both(any.as_ref(), rest.as_ref()),
            evidence: Vec::new(),
        })
    }

    /// The one resource of the code that the provider calls so.
    fn named(&self, name: &str) -> Result<Option<ResourceId>, Doubt> {
        let world = self.draft.world;
        let known = arn::plain(name).and_then(|name| self.draft.names.get(&name));
        let known = known.into_iter().flatten().copied().filter(|id| world.may_be_called(*id, name));
        match known.collect::<Vec<_>>().as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            [first, second, ..] => {
                let (first, second) = (world.address(*first), world.address(*second));
                let message = format!("{first} and {second} have this name, and the account and Region tell which");
                let settle = "refer to the resource instead of writing its name";
                Err(Doubt::new(name, message, settle, None))
            }
        }
    }

    /// Nobody may be there: a pool that stays empty hands nothing on.
    fn empty_pool(&self, id: ResourceId, address: &str) -> Option<Doubt> {
        let noun = self.draft.pools.get(&id)?;
        let message = format!("nothing in this code puts {noun} into {address}");
        let settle = format!("take {address} away if it stays empty, or lint the code that fills it as well");
        let header = self.draft.world.resource(id).header;
        Some(Doubt::new(format!("targets of {address}"), message, settle, Some(header)))
    }

    fn dead_end(&mut self, id: ResourceId, address: &str) -> ListenerId {
        let header = self.draft.world.resource(id).header;
        if let Some(doubt) = self.empty_pool(id, address) {
            return self.outside(&doubt.what.clone(), Some(doubt));
        }
        let type_name = Arc::clone(&self.draft.world.resource(id).type_name);
        if &*type_name == UNREAD_CODE {
            let settle = format!("bring {address} onto disk (terraform init)");
            let doubt = Doubt::new(address, format!("the code of {address} is not on disk"), settle, Some(header));
            return self.outside(address, Some(doubt));
        }
        if self.draft.world.resource(id).mode == Mode::Data {
            let message = format!("{address} is looked up, and how it is set up is not in this code");
            let settle = "lint the code that declares it together with this code";
            return self.outside(address, Some(Doubt::new(address, message, settle, Some(header))));
        }
        let doubt = Doubt::new(
            address,
            format!("what a {type_name} does with the message is not known to e2e-lint"),
            "assume in e2e-lint.yaml what stands there",
            Some(header),
        );
        self.outside(address, Some(doubt))
    }

    fn outside(&mut self, text: &str, doubt: Option<Doubt>) -> ListenerId {
        self.elsewhere(text, (NodeKind::External, Operator::Unknown), doubt)
    }

    /// What a service keeps elsewhere: an end like a store of this code.
    fn kept(&mut self, party: &str) -> ListenerId {
        let message = format!("{party} accepts TLS and may not require it: the client decides");
        let doubt = Doubt::new(format!("whether clients of {party} use TLS"), message, "require TLS there", None);
        self.elsewhere(party, (NodeKind::Store, Operator::Aws), Some(doubt))
    }

    fn elsewhere(&mut self, text: &str, (kind, operator): (NodeKind, Operator), doubt: Option<Doubt>) -> ListenerId {
        if let Some(listener) = self.outside.get(text) {
            return *listener;
        }
        let node = NodeId(self.draft.model.nodes.len());
        let undeclared = doubt.clone().unwrap_or_else(|| {
            let settle = "lint the code that declares it together with this code, or assume it in e2e-lint.yaml";
            Doubt::new(text, format!("{text} is not declared in this code"), settle, None)
        });
        self.draft.model.nodes.push(Node {
            stack: None,
            address: format!("external:{text}").into(),
            type_name: None,
            account: None,
            kind,
            operator,
            party: text.to_owned(),
            why: "outside this code".to_owned(),
            span: doubt.as_ref().and_then(|doubt| doubt.span),
            companions: Vec::new(),
            may_pass: false,
            stored: Vec::new(),
            unread: Vec::new(),
            doubt,
        });
        let listener = self.draft.listen(node, None, vec![Face::always(Accepts::Undeclared(undeclared))]);
        self.listeners_of.insert(node, vec![listener]);
        self.outside.insert(text.to_owned(), listener);
        listener
    }
}

fn arrive(listener: ListenerId, lead: &Lead, mismatch: Option<Doubt>) -> Arrival {
    Arrival {
        listener,
        via: lead.via.clone(),
        evidence: lead.evidence.clone(),
        when: lead.when.clone(),
        port: lead.to.port,
        mismatch,
        empty: None,
    }
}

/// `step` after `lead`; the port asked for further on wins where the step names one.
fn combine(lead: &Lead, step: &Lead, own: Option<Arc<str>>) -> Lead {
    let mut via = lead.via.clone();
    via.extend(own);
    via.extend(step.via.iter().cloned());
    let mut evidence = lead.evidence.clone();
    evidence.extend(step.evidence.iter().cloned());
    let port = step.to.port.or(lead.to.port);
    Lead {
        to: Destination { place: step.to.place.clone(), port },
        via,
        when: When::both(lead.when.as_ref(), step.when.as_ref()),
        evidence,
    }
}

/// Whether requests that arrive at `from` come to `to`.
fn leads_to(onward: &BTreeMap<NodeId, BTreeSet<NodeId>>, from: NodeId, to: NodeId) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(node) = open.pop() {
        if node == to {
            return true;
        }
        open.extend(onward.get(&node).into_iter().flatten().filter(|next| seen.insert(**next)));
    }
    false
}

/// TLS sent to a port on which nothing listens does not prove an encrypted hop; plaintext is sent all the same.
fn judged_leg(leg: &Leg, mismatch: Option<&Doubt>) -> Leg {
    match (&leg.transport, mismatch) {
        (Transport::Tls { .. }, Some(doubt)) => Leg { transport: Transport::Unknown(doubt.clone()), ..leg.clone() },
        _ => leg.clone(),
    }
}

/// A network that may encrypt by itself proves nothing, and takes from plaintext that it surely is some on the wire.
fn enclosed_leg(leg: Leg, enclosed: Option<&Doubt>) -> Leg {
    match (&leg.transport, enclosed) {
        (Transport::Plaintext, Some(doubt)) => Leg { transport: Transport::Unknown(doubt.clone()), ..leg },
        _ => leg,
    }
}
