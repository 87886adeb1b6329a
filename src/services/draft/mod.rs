//! What services say of the workspace, before names and references are joined into hops.

mod destination;
mod parts;

pub use destination::{Destination, Place, normal_host, scheme_of};
pub use parts::{Alias, Entry, Exposure, Lead, Opening, PendingHop, Registration, View};

use super::arn;
use super::read::{Alternative, Block, Child, Field, Link, doubt_of};
use super::world::{ResourceId, Types, World};
use crate::model::{
    Accepts, Companion, Doubt, Evidence, Face, Leg, Listener, ListenerId, Model, Node, NodeId, NodeKind, Operator,
    StoredData, Transport,
};
use crate::resource::Mode;
use crate::value::When;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a service says of a node.
pub struct NodeFacts {
    pub kind: NodeKind,
    pub operator: Operator,
    pub party: &'static str,
    pub why: &'static str,
}

/// The growing model, with everything that is still to be joined.
pub struct Draft<'a> {
    pub world: &'a World<'a>,
    pub model: Model,
    pub internet: ListenerId,
    pub(super) homes: BTreeMap<ResourceId, NodeId>,
    pub(super) leads: BTreeMap<ResourceId, Vec<Lead>>,
    pub(super) pools: BTreeMap<ResourceId, &'static str>,
    pub(super) hosts: BTreeMap<String, Vec<Lead>>,
    /// Names, and records of names, that only a private network gets an answer for.
    pub(super) private_hosts: BTreeMap<String, Vec<Lead>>,
    pub(super) private_leads: BTreeMap<ResourceId, Vec<Lead>>,
    /// Resources by their ARNs, in the form of [`arn::plain`].
    pub(super) names: BTreeMap<String, Vec<ResourceId>>,
    /// By namespace and name.
    aliases: BTreeMap<(String, String), Vec<Alias>>,
    pub(super) pending: Vec<PendingHop>,
    pub(super) calls: Vec<PendingHop>,
    pub(super) edges: BTreeSet<NodeId>,
    /// Nodes outside of every private network of the customer: a private zone does not answer them.
    pub(super) outsiders: BTreeSet<NodeId>,
    pub(super) entries: Vec<Entry>,
    pub(super) registrations: Vec<Registration>,
    /// Where what other code declares is called, by the stack and by what that calls it.
    pub elsewhere: BTreeMap<(String, String), ListenerId>,
    fronts: BTreeMap<NodeId, ListenerId>,
    speakers: BTreeMap<ResourceId, ListenerId>,
    pub(super) guards: BTreeMap<NodeId, Vec<Opening>>,
    pub(super) exposed: BTreeMap<NodeId, Vec<Opening>>,
    /// Nodes in a network that may encrypt below what they send: which network, and what is thereby doubted.
    pub(super) enclosed: BTreeMap<NodeId, (ResourceId, Doubt)>,
}

impl<'a> Draft<'a> {
    pub fn new(world: &'a World<'a>) -> Self {
        let mut model = Model::default();
        let internet = client(&mut model, "internet", "the viewer");
        Self {
            world,
            model,
            internet,
            homes: BTreeMap::new(),
            leads: BTreeMap::new(),
            pools: BTreeMap::new(),
            hosts: BTreeMap::new(),
            private_hosts: BTreeMap::new(),
            private_leads: BTreeMap::new(),
            names: BTreeMap::new(),
            aliases: BTreeMap::new(),
            pending: Vec::new(),
            calls: Vec::new(),
            edges: BTreeSet::new(),
            outsiders: BTreeSet::new(),
            entries: Vec::new(),
            registrations: Vec::new(),
            elsewhere: BTreeMap::new(),
            fronts: BTreeMap::new(),
            speakers: BTreeMap::new(),
            guards: BTreeMap::new(),
            exposed: BTreeMap::new(),
            enclosed: BTreeMap::new(),
        }
    }

    /// Adds the node that a resource is.
    pub fn node(&mut self, block: &Block<'a>, facts: NodeFacts) -> NodeId {
        let id = self.add_node(block, block.owner.address.shared(), facts);
        self.homes.insert(block.id, id);
        id
    }

    /// Adds a node that the resource makes in front of itself: who calls the resource arrives there. Its address is the
    /// resource's, a slash and the name.
    pub fn node_in_front(&mut self, block: &Block<'a>, name: &str, facts: NodeFacts) -> NodeId {
        let address = format!("{}/{name}", block.owner.address);
        let id = self.add_node(block, address.into(), facts);
        self.homes.insert(block.id, id);
        id
    }

    /// Adds a node that the resource may be besides what it stands for: nothing that points to the resource arrives there.
    pub fn node_beside(&mut self, block: &Block<'a>, name: &str, facts: NodeFacts) -> NodeId {
        self.add_node(block, format!("{}/{name}", block.owner.address).into(), facts)
    }

    fn add_node(&mut self, block: &Block<'a>, address: Arc<str>, facts: NodeFacts) -> NodeId {
        let id = NodeId(self.model.nodes.len());
        self.model.nodes.push(Node {
            stack: Some(Arc::clone(&self.world.stack_of(block.id).id)),
            address,
            type_name: Some(Arc::clone(&block.owner.type_name)),
            account: block.owner.account.clone(),
            kind: facts.kind,
            operator: facts.operator,
            party: facts.party.to_owned(),
            why: facts.why.to_owned(),
            span: Some(block.owner.header),
            companions: Vec::new(),
            may_pass: false,
            stored: Vec::new(),
            unread: Vec::new(),
            doubt: None,
        });
        id
    }

    /// The node that the resource is, once its service has described it.
    pub fn home(&self, id: ResourceId) -> Option<NodeId> {
        self.homes.get(&id).copied()
    }

    pub fn listen(&mut self, node: NodeId, port: Option<i64>, faces: Vec<Face>) -> ListenerId {
        let id = ListenerId(self.model.listeners.len());
        self.model.listeners.push(Listener { node, port, faces, via: None, when: None });
        self.fronts.entry(node).or_insert(id);
        id
    }

    /// The first listener of the node that a resource is: the only one of services that have but one.
    pub fn front(&self, id: ResourceId) -> Option<ListenerId> {
        self.fronts.get(self.homes.get(&id)?).copied()
    }

    /// The resource sends its own messages from there, and not from its front.
    pub fn speak_from(&mut self, id: ResourceId, listener: ListenerId) {
        self.speakers.insert(id, listener);
    }

    /// From where the resource sends its own messages.
    pub fn speaker(&self, id: ResourceId) -> Option<ListenerId> {
        self.speakers.get(&id).copied().or_else(|| self.front(id))
    }

    /// A listener that is a resource of its own, with the condition under which it is there and the node's.
    pub fn listen_via(
        &mut self,
        node: NodeId,
        port: Option<i64>,
        faces: Vec<Face>,
        via: &Block<'a>,
        when: Option<&When>,
    ) -> ListenerId {
        let id = self.listen(node, port, faces);
        let listener = &mut self.model.listeners[id.0];
        listener.via = Some(via.owner.address.shared());
        listener.when = when.cloned();
        id
    }

    /// The resource is no node: whatever points to it goes on to `lead`.
    pub fn lead(&mut self, id: ResourceId, lead: Lead) {
        self.leads.entry(id).or_default().push(lead);
    }

    /// The resource stands for another: an alias, a URL, a version, a listener's own ARN.
    pub fn stand_for(&mut self, id: ResourceId, to: Destination) {
        self.stand_for_given(id, to, None);
    }

    /// The same where the code names one of several under a condition.
    pub fn stand_for_given(&mut self, id: ResourceId, to: Destination, when: Option<&When>) {
        let via = vec![self.world.address(id)];
        let when = When::both(self.existence(id).as_ref(), when);
        self.lead(id, Lead { to, via, when, evidence: Vec::new() });
    }

    /// The resource collects targets; without any the hop ends at "targets of" it. `noun` names what it collects.
    pub fn pool(&mut self, id: ResourceId, noun: &'static str) {
        self.pools.insert(id, noun);
    }

    /// A DNS name of the code. Several records of one name are several leads.
    pub fn host(&mut self, name: &str, lead: Lead) {
        self.host_in(View::Public, name, lead);
    }

    /// A DNS name of a zone that answers some only.
    pub fn host_in(&mut self, view: View, name: &str, lead: Lead) {
        self.zone(view).entry(normal_host(name)).or_default().push(lead);
    }

    /// A DNS name that exists and leads nowhere in this code: a wildcard does not stand for it (RFC 4592, section 2.2.1).
    pub fn bare_host(&mut self, view: View, name: &str) {
        self.zone(view).entry(normal_host(name)).or_default();
    }

    fn zone(&mut self, view: View) -> &mut BTreeMap<String, Vec<Lead>> {
        match view {
            View::Public => &mut self.hosts,
            View::Private => &mut self.private_hosts,
        }
    }

    /// Whoever is given the record's name goes on to `lead`, if the record's zone answers.
    pub fn lead_in(&mut self, view: View, id: ResourceId, lead: Lead) {
        match view {
            View::Public => self.lead(id, lead),
            View::Private => self.private_leads.entry(id).or_default().push(lead),
        }
    }

    /// The resource's ARN follows from the name in the field: `before` stands in front of the name. Source: "Actions,
    /// resources, and condition keys for AWS services", the resource types of each service.
    pub fn name(&mut self, block: &Block<'a>, field: Field, service: &str, before: &str) {
        let Some(name) = block.text(field).filter(|name| !name.is_empty()) else { return };
        if let Some(name) = arn::plain(&format!("arn::{service}:::{before}{name}")) {
            self.names.entry(name).or_default().push(block.id);
        }
    }

    /// Whether the code says what the name stands for.
    pub fn knows_host(&self, name: &str) -> bool {
        let name = normal_host(name);
        [&self.hosts, &self.private_hosts].into_iter().filter_map(|zone| zone.get(&name)).any(|leads| !leads.is_empty())
    }

    /// A name that only the members of a namespace know.
    pub fn alias(&mut self, namespace: &str, mut alias: Alias) {
        alias.name = alias.name.map(normal_host);
        self.aliases.entry((namespace.to_owned(), alias.name.as_str().to_owned())).or_default().push(alias);
    }

    pub fn aliases(&self, namespace: &str, name: &str) -> &[Alias] {
        self.aliases.get(&(namespace.to_owned(), normal_host(name))).map_or(&[], Vec::as_slice)
    }

    /// All names of a namespace.
    pub fn aliases_in(&self, namespace: &str) -> Vec<Alias> {
        let from = (namespace.to_owned(), String::new());
        let names = self.aliases.range(from..).take_while(|((own, _), _)| own == namespace);
        names.flat_map(|(_, aliases)| aliases.iter().cloned()).collect()
    }

    /// The node stands where the internet comes in: a program that is given its address tells it to others.
    pub fn at_the_edge(&mut self, node: NodeId) {
        self.edges.insert(node);
        self.outside_networks(node);
    }

    /// The node resolves names as the internet does.
    pub fn outside_networks(&mut self, node: NodeId) {
        self.outsiders.insert(node);
    }

    /// A request that the sender makes of its own. It is none if it goes to the edge, or if its way leads back to the sender.
    pub fn call(&mut self, hop: PendingHop) {
        self.calls.push(hop);
    }

    pub fn send(&mut self, hop: PendingHop) {
        self.pending.push(hop);
    }

    pub fn admit(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// The target is registered where `link` leads, for a caller whose code is elsewhere. `noun` names what it is registered with.
    pub fn register_elsewhere(
        &mut self,
        target: ResourceId,
        link: &Alternative<Link<'a>>,
        holder: &Block<'a>,
        noun: &str,
    ) {
        let why = match &link.value {
            Link::Resource { .. } => None,
            Link::Unknown(doubt) => Some(doubt.clone()),
            Link::Text(_, value) | Link::Template(_, value) | Link::Outside(_, value) => Some(doubt_of(value)),
        };
        let place = why.as_ref().and_then(|why| why.span).unwrap_or_else(|| holder.place());
        let address = self.world.address(target);
        let what = format!("the other callers of {address}");
        let (kind, why, settle) = match (&link.value, why) {
            (Link::Unknown(_), Some(why)) => ("known", format!(": {}", why.message), why.settle),
            _ => {
                let settle = "lint the code that declares it together with this code".to_owned();
                ("declared in this code", String::new(), settle)
            }
        };
        let message = format!(
            "{address} is also registered with {noun} that is not {kind}, so neither is who calls it there{why}"
        );
        let when = When::both(holder.owner.exists.when(), link.when.as_ref());
        let doubt = Doubt::new(what, message, settle, Some(place));
        let leg = Leg::new(Transport::Unknown(doubt.clone()), Vec::new());
        self.register(Registration { target, by: holder.id, leg, via: Vec::new(), when, doubt });
    }

    pub fn register(&mut self, registration: Registration) {
        self.registrations.push(registration);
    }

    /// Where another node fronts this one, clients of the internet get around that node by these openings only.
    /// The entries of a node that nothing fronts are there whatever guards it.
    pub fn guard(&mut self, node: NodeId, openings: Vec<Opening>) {
        self.guards.entry(node).or_default().extend(openings);
    }

    /// Clients of the internet may call the node itself by these openings, on the ports that it is known to serve.
    pub fn expose(&mut self, node: NodeId, openings: Vec<Opening>) {
        if !openings.is_empty() {
            self.exposed.entry(node).or_default().extend(openings);
        }
    }

    /// What the node sends in the clear to another node of the same network may be encrypted on the way.
    pub fn enclose(&mut self, node: NodeId, network: ResourceId, doubt: Doubt) {
        self.enclosed.insert(node, (network, doubt));
    }

    pub fn companion(&mut self, node: NodeId, companion: Companion) {
        self.model.nodes[node.0].companions.push(companion);
    }

    pub fn store(&mut self, node: NodeId, stored: StoredData) {
        self.model.nodes[node.0].stored.push(stored);
    }

    /// There may be more of the node than was read: more ways, more readers.
    pub fn unread(&mut self, node: NodeId, doubt: Doubt) {
        self.model.nodes[node.0].unread.push(doubt);
    }

    /// What the node is depends on protocols that are not known: by a listener of which none is, it may open nothing.
    pub fn may_pass(&mut self, node: NodeId) {
        self.model.nodes[node.0].may_pass = true;
    }

    /// The nested blocks at the end of a path that are known, where each lets `party` read at the node; one that is not
    /// known may.
    pub fn readers(&mut self, node: NodeId, holder: &Block<'a>, path: &[Field], party: &str) -> Vec<Block<'a>> {
        if let Some(doubt) = holder.unknown_along(path) {
            let meaning = format!("it is not known whether {party} is there");
            let evidence = Evidence::new(doubt.what, meaning, doubt.span.unwrap_or_else(|| holder.place()));
            self.companion(node, Companion::inside(party, evidence, false));
        }
        holder.known_along(path)
    }

    /// The nested blocks at the end of a path that are known, where each may lead on; for those that are not, there may be
    /// more of the node.
    pub fn blocks(&mut self, node: NodeId, holder: &Block<'a>, path: &[Field]) -> Vec<Block<'a>> {
        let mut known = Vec::new();
        for child in holder.children_along(path) {
            match child.value {
                Child::Block(block) => known.push(block),
                Child::Unknown(doubt) => self.unread(node, doubt),
            }
        }
        known
    }

    pub fn leads_of(&self, id: ResourceId) -> &[Lead] {
        self.leads.get(&id).map_or(&[], Vec::as_slice)
    }

    pub fn is_pool(&self, id: ResourceId) -> bool {
        self.pools.contains_key(&id)
    }

    /// The condition under which the resource exists.
    pub fn existence(&self, id: ResourceId) -> Option<When> {
        self.world.resource(id).exists.when().cloned()
    }
}

fn client(model: &mut Model, address: &str, party: &str) -> ListenerId {
    let node = NodeId(model.nodes.len());
    model.nodes.push(Node {
        stack: None,
        address: address.into(),
        type_name: None,
        account: None,
        kind: NodeKind::Client,
        operator: Operator::Unknown,
        party: party.to_owned(),
        why: "starts the request".to_owned(),
        span: None,
        companions: Vec::new(),
        may_pass: false,
        stored: Vec::new(),
        unread: Vec::new(),
        doubt: None,
    });
    source(model, node)
}

/// The point from which a node that nothing calls sends its own messages.
fn source(model: &mut Model, node: NodeId) -> ListenerId {
    let id = ListenerId(model.listeners.len());
    let faces = vec![Face::always(Accepts::Plaintext(Vec::new()))];
    model.listeners.push(Listener { node, port: None, faces, via: None, when: None });
    id
}

/// The client of ways in that only a private network can reach.
pub(super) fn private_network(model: &mut Model) -> ListenerId {
    client(model, "private-network", "a client in the private network")
}

/// Resources of a kind that point to `target` by the field, by reference or by the target's name. Data sources are not
/// among them: what they look up is set up elsewhere, and what they do not say is no default.
pub fn pointing<'a>(
    world: &World<'a>,
    target: ResourceId,
    types: Types,
    points: impl Fn(&Block<'a>) -> Vec<Alternative<Link<'a>>>,
) -> Vec<(Block<'a>, Option<When>)> {
    let mut found = Vec::new();
    let managed = |id: &ResourceId| world.resource(*id).mode == Mode::Managed;
    for id in world.referrers(target, types).into_iter().filter(managed) {
        let block = world.block(id);
        let here = |link: &Alternative<Link<'a>>| matches!(&link.value, Link::Resource { id, .. } if *id == target);
        let links: Vec<Option<When>> = points(&block).into_iter().filter(here).map(|link| link.when).collect();
        if links.is_empty() {
            continue;
        }
        // Whatever else it points to, it points here where any of the links does.
        let any = When::any_of(links.iter().map(Option::as_ref));
        let when = When::both(block.owner.exists.when(), any.as_ref());
        found.push((block, when));
    }
    found
}
