//! What services say of the workspace, before names and references are joined into hops.

use super::arn;
use super::read::{Alternative, Block, Field, Link, doubt_of};
use super::world::{ResourceId, Types, World};
use crate::model::{
    Accepts, Companion, Doubt, Evidence, Face, Leg, Listener, ListenerId, Model, Node, NodeId, NodeKind, Operator,
    Segment, StoredData,
};
use crate::resource::Mode;
use crate::value::{Reference, Value, When};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Services of AWS whose URLs hold the name of the resource in the path, and the domains under which AWS serves them.
const NAMED_IN_PATH: [&str; 4] = ["sqs.", "s3.", "s3-", "lambda."];
const AWS_DOMAINS: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];

/// What a service says of a node.
pub struct NodeFacts {
    pub kind: NodeKind,
    pub operator: Operator,
    pub party: &'static str,
    pub why: &'static str,
}

/// Where a hop or a pointer leads.
#[derive(Clone, Debug)]
pub enum Place {
    /// A resource: a node, or something that leads to nodes such as a target group.
    Resource(ResourceId),
    /// What is registered with a resource that is a node itself: the instances behind a classic load balancer.
    TargetsOf(ResourceId),
    /// A listener itself, whatever its node is called by.
    Listener(ListenerId),
    /// A host name or an address, joined through the DNS records of the code.
    Host(String),
    /// What a provider calls a resource by its name, such as an ARN. A piece that is not known is
    /// [`arn::UNKNOWN`], and the doubt says why.
    Name(String, Option<Doubt>),
    /// Outside the code. With a doubt where it is not even known what stands there.
    Outside(String, Option<Doubt>),
}

/// A place with the port that is asked for there.
#[derive(Clone, Debug)]
pub struct Destination {
    pub place: Place,
    pub port: Option<i64>,
}

impl Destination {
    pub fn resource(id: ResourceId) -> Self {
        Self { place: Place::Resource(id), port: None }
    }

    pub fn listener(id: ListenerId) -> Self {
        Self { place: Place::Listener(id), port: None }
    }

    pub fn targets_of(id: ResourceId) -> Self {
        Self { place: Place::TargetsOf(id), port: None }
    }

    #[must_use]
    pub fn at_port(mut self, port: Option<i64>) -> Self {
        self.port = port.or(self.port);
        self
    }

    /// Where a link leads. References, host names and URLs are all pointers here.
    pub fn of_link(world: &World<'_>, from: ResourceId, link: &Link<'_>) -> Self {
        let place = match link {
            Link::Resource { id, .. } => Place::Resource(*id),
            Link::Text(text, _) => return Self::of_text(text),
            Link::Template(parts, value) => return Self::of_template(world, from, parts, value),
            Link::Outside(text, value) => Place::Outside(text.clone(), Some(doubt_of(value))),
            Link::Unknown(doubt) => Place::Outside(doubt.what.clone(), Some(doubt.clone())),
        };
        Self { place, port: None }
    }

    /// Where a link leads that may be the name of a resource of a kind, which the resource says in `names`.
    pub fn of_name(world: &World<'_>, from: ResourceId, link: &Link<'_>, types: Types, names: &[&str]) -> Self {
        match link {
            Link::Text(name, _) => match world.named(from, types, names, name).first() {
                Some(id) => Self::resource(*id),
                None => Self::of_link(world, from, link),
            },
            _ => Self::of_link(world, from, link),
        }
    }

    /// A host name, a URL, or `host:port`.
    pub fn of_text(text: &str) -> Self {
        if arn::is_arn(text) {
            return Self { place: Place::Name(text.to_owned(), None), port: None };
        }
        let (host, port) = host_and_port(text);
        Self { place: Place::Host(host), port }
    }

    /// The first reference in a text's host stands for the whole: `https://${aws_lb.a.dns_name}:8443/x`.
    fn of_template(world: &World<'_>, from: ResourceId, parts: &[Value], value: &Value) -> Self {
        if let Some(name) = arn::spelled(world, from, parts) {
            return Self { place: Place::Name(name, Some(doubt_of(value))), port: None };
        }
        let Some((position, reference)) = host_reference(parts) else {
            if let Some(url) = parts.first().and_then(Value::as_str).filter(|start| is_past_host(start)) {
                return Self::of_text(url);
            }
            let doubt = doubt_of(value);
            let name = host_of(parts).unwrap_or_else(|| doubt.what.clone());
            return Self { place: Place::Outside(name, Some(doubt)), port: None };
        };
        let place = match world.find(from, &reference.target) {
            Some(id) => Place::Resource(id),
            None => Place::Outside(reference.text(), Some(doubt_of(value))),
        };
        let port = parts.get(position + 1).and_then(Value::as_str).and_then(leading_port);
        Self { place, port }
    }
}

/// The first reference of a text that may name its host, with its position. What stands in the path of a URL names no
/// host, but for services of AWS that are called so.
fn host_reference(parts: &[Value]) -> Option<(usize, Reference)> {
    let mut before = String::new();
    for (position, part) in parts.iter().enumerate() {
        if let Some(reference) = part.references().first()
            && !is_past_host(&before)
        {
            return Some((position, (*reference).clone()));
        }
        match part.as_str() {
            Some(text) => before.push_str(text),
            None => before.push(arn::UNKNOWN),
        }
    }
    None
}

/// Whether what follows the start of a URL is no part of its host.
fn is_past_host(start: &str) -> bool {
    let Some((_, rest)) = start.split_once("://") else { return false };
    let Some(end) = rest.find(['/', '?', '#']) else { return false };
    let (host, _) = host_and_port(&rest[..end]);
    let of_aws = AWS_DOMAINS.iter().any(|domain| host.ends_with(domain));
    !(of_aws && NAMED_IN_PATH.iter().any(|service| host.starts_with(service)))
}

/// The host of a URL with unknown parts, as far as it is known: `api.${AWS::Region}.amazonaws.com`. `None` where nothing is.
fn host_of(parts: &[Value]) -> Option<String> {
    let mut host = String::new();
    let mut known = false;
    for (position, part) in parts.iter().enumerate() {
        let Some(text) = part.as_str() else {
            host.push_str(&format!("${{{}}}", doubt_of(part).what));
            continue;
        };
        let text = if position == 0 { text.split_once("://").map_or(text, |(_, rest)| rest) } else { text };
        let piece = text.split([':', '/', '?', '#']).next().unwrap_or(text);
        known |= !piece.is_empty();
        host.push_str(piece);
        if piece.len() < text.len() {
            break;
        }
    }
    known.then_some(host)
}

/// `:8443/path` gives 8443.
fn leading_port(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(':')?;
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The scheme of a URL whose start is constant text, lower case.
pub fn scheme_of(value: &Value) -> Option<String> {
    let start = match &value.kind {
        crate::value::Kind::String(text) => text,
        crate::value::Kind::Template(parts) => match &parts.first()?.kind {
            crate::value::Kind::String(text) => text,
            _ => return None,
        },
        _ => return None,
    };
    start.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase())
}

fn host_and_port(text: &str) -> (String, Option<i64>) {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, digits)) if !host.contains(':') => (host, digits.parse().ok()),
        _ => (authority, None),
    };
    (normal_host(host), port)
}

/// DNS names compare without case, without the trailing dot, and without Route 53's `dualstack.` prefix.
pub fn normal_host(host: &str) -> String {
    let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
    host.strip_prefix("dualstack.").map(str::to_owned).unwrap_or(host)
}

/// A resource that is no node leads on to others: a target group to its targets, a record to what it names.
#[derive(Clone, Debug)]
pub struct Lead {
    pub to: Destination,
    pub via: Vec<Arc<str>>,
    pub when: Option<When>,
    pub evidence: Vec<Evidence>,
}

/// A hop whose destination is not joined yet.
#[derive(Clone)]
pub struct PendingHop {
    pub from: ListenerId,
    pub to: Destination,
    pub legs: Vec<Leg>,
    pub via: Vec<Arc<str>>,
    pub evidence: Vec<Evidence>,
    pub when: Option<When>,
    pub segment: Segment,
    /// Why it is not sure that the message goes there.
    pub doubt: Option<Doubt>,
}

/// What stands behind a name that only the members of a namespace know.
#[derive(Clone, Debug)]
pub struct Alias {
    pub port: Option<i64>,
    pub to: Destination,
    /// `AsReceived` where what the caller itself speaks is on the wire.
    pub legs: Vec<Leg>,
    pub when: Option<When>,
    /// Why it is not sure that the name is there.
    pub doubt: Option<Doubt>,
}

impl Alias {
    /// The resource that the name stands for.
    pub fn place(&self) -> Option<ResourceId> {
        match self.to.place {
            Place::Resource(id) | Place::TargetsOf(id) => Some(id),
            Place::Listener(_) | Place::Host(_) | Place::Name(..) | Place::Outside(..) => None,
        }
    }

    pub fn leads_to(&self, id: ResourceId) -> bool {
        self.place() == Some(id)
    }
}

/// From where a listener can be called.
#[derive(Clone, Debug)]
pub enum Exposure {
    Internet,
    /// From a private network only.
    Private,
    Unknown(Doubt),
}

/// A way in for clients.
pub struct Entry {
    pub listener: ListenerId,
    pub exposure: Exposure,
    pub when: Option<When>,
    pub evidence: Vec<Evidence>,
}

/// A way through the network by which the internet reaches ports of a node.
#[derive(Clone, Debug)]
pub struct Opening {
    pub ports: RangeInclusive<i64>,
    pub when: Option<When>,
    pub evidence: Vec<Evidence>,
    /// Why it is not sure that the way is open.
    pub doubt: Option<Doubt>,
}

impl Opening {
    pub const ALL_PORTS: RangeInclusive<i64> = 0..=65535;

    /// Nothing stands in the way.
    pub fn unguarded() -> Self {
        Self { ports: Self::ALL_PORTS, when: None, evidence: Vec::new(), doubt: None }
    }

    /// Nothing is known of what stands in the way.
    pub fn doubtful(when: Option<When>, doubt: Doubt) -> Self {
        Self { when, doubt: Some(doubt), ..Self::unguarded() }
    }

    pub fn is_certain(&self) -> bool {
        self.when.is_none() && self.doubt.is_none()
    }

    /// The same way, under a further condition.
    #[must_use]
    pub fn under(mut self, when: Option<&When>) -> Self {
        self.when = When::both(when, self.when.as_ref());
        self
    }
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
    /// Resources by their ARNs, in the form of [`arn::plain`].
    pub(super) names: BTreeMap<String, Vec<ResourceId>>,
    /// By namespace and name.
    aliases: BTreeMap<(String, String), Vec<Alias>>,
    pub(super) pending: Vec<PendingHop>,
    pub(super) calls: Vec<PendingHop>,
    pub(super) edges: BTreeSet<NodeId>,
    pub(super) entries: Vec<Entry>,
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
            names: BTreeMap::new(),
            aliases: BTreeMap::new(),
            pending: Vec::new(),
            calls: Vec::new(),
            edges: BTreeSet::new(),
            entries: Vec::new(),
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
            stored: Vec::new(),
            strangers: Vec::new(),
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

    /// A listener that is a resource of its own, with that resource's condition.
    pub fn listen_via(&mut self, node: NodeId, port: Option<i64>, faces: Vec<Face>, via: &Block<'a>) -> ListenerId {
        let id = self.listen(node, port, faces);
        let listener = &mut self.model.listeners[id.0];
        listener.via = Some(via.owner.address.shared());
        listener.when = via.owner.exists.when().cloned();
        id
    }

    /// The resource is no node: whatever points to it goes on to `lead`.
    pub fn lead(&mut self, id: ResourceId, lead: Lead) {
        self.leads.entry(id).or_default().push(lead);
    }

    /// The resource stands for another: an alias, a URL, a version, a listener's own ARN.
    pub fn stand_for(&mut self, id: ResourceId, to: Destination) {
        let via = vec![self.world.address(id)];
        self.lead(id, Lead { to, via, when: self.existence(id), evidence: Vec::new() });
    }

    /// The resource collects targets; without any the hop ends at "targets of" it. `noun` names what it collects.
    pub fn pool(&mut self, id: ResourceId, noun: &'static str) {
        self.pools.insert(id, noun);
    }

    /// A DNS name of the code. Several records of one name are several leads.
    pub fn host(&mut self, name: &str, lead: Lead) {
        self.hosts.entry(normal_host(name)).or_default().push(lead);
    }

    /// A DNS name that exists and leads nowhere in this code: a wildcard does not stand for it (RFC 4592, section 2.2.1).
    pub fn bare_host(&mut self, name: &str) {
        self.hosts.entry(normal_host(name)).or_default();
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
        self.hosts.get(&normal_host(name)).is_some_and(|leads| !leads.is_empty())
    }

    /// A name that only the members of a namespace know.
    pub fn alias(&mut self, namespace: &str, name: &str, alias: Alias) {
        self.aliases.entry((namespace.to_owned(), normal_host(name))).or_default().push(alias);
    }

    pub fn aliases(&self, namespace: &str, name: &str) -> &[Alias] {
        self.aliases.get(&(namespace.to_owned(), normal_host(name))).map_or(&[], Vec::as_slice)
    }

    /// All names of a namespace.
    pub fn aliases_in(&self, namespace: &str) -> Vec<(String, Alias)> {
        let from = (namespace.to_owned(), String::new());
        let names = self.aliases.range(from..).take_while(|((own, _), _)| own == namespace);
        names.flat_map(|((_, name), aliases)| aliases.iter().map(move |alias| (name.clone(), alias.clone()))).collect()
    }

    /// The node stands where the internet comes in: a program that is given its address tells it to others.
    pub fn at_the_edge(&mut self, node: NodeId) {
        self.edges.insert(node);
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

    /// Code that is not there may use the node.
    pub fn stranger(&mut self, node: NodeId, doubt: Doubt) {
        self.model.nodes[node.0].strangers.push(doubt);
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
        stored: Vec::new(),
        strangers: Vec::new(),
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
        if let Some(link) = points(&block).into_iter().find(here) {
            let when = When::both(block.owner.exists.when(), link.when.as_ref());
            found.push((block, when));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};
    use crate::value::Reason;

    #[test]
    fn a_host_with_unknown_parts_stays_readable() {
        let span = Span::new(Sources::new().add("t.yaml", "x"), 0, 1);
        let text = |text: &str| Value::string(text, span);
        let region = || Value::unknown(Reason::AfterDeployment, "AWS::Region", span);
        let url = [text("https://states."), region(), text(".amazonaws.com/run?x=1")];
        assert_eq!(host_of(&url).as_deref(), Some("states.${AWS::Region}.amazonaws.com"));
        assert_eq!(host_of(&[text("http://"), region(), text(":8080/")]), None);
        assert_eq!(host_of(&[text("http://a.example/"), region()]).as_deref(), Some("a.example"));
    }

    #[test]
    fn only_the_host_of_a_url_says_where_it_leads() {
        let span = Span::new(Sources::new().add("t.tf", "x"), 0, 1);
        let text = |text: &str| Value::string(text, span);
        let balancer = || Value::reference("aws_lb.web", "dns_name", span);
        let position = |parts: &[Value]| host_reference(parts).map(|(position, _)| position);
        assert_eq!(position(&[text("https://"), balancer(), text("/x")]), Some(1));
        assert_eq!(position(&[balancer(), text(":8443")]), Some(0));
        assert_eq!(position(&[text("https://fixed.example/"), balancer()]), None);
        assert_eq!(position(&[text("https://fixed.example?next=https://"), balancer()]), None);
        assert_eq!(position(&[text("https://sqs.eu-west-1.amazonaws.com/1/"), balancer()]), Some(1));
        assert_eq!(position(&[text("https://a1.execute-api.eu-west-1.amazonaws.com/1/"), balancer()]), None);
    }
}
