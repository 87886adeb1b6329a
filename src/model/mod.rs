//! Nodes, listeners, hops, parties and custody: the request path in terms that no vendor and no language owns.

mod custody;
mod evidence;
mod given;
mod keys;
mod tls;
mod transport;

pub use custody::{Custody, StoredData, custody_phrase};
pub use evidence::{Doubt, Evidence};
pub use keys::{HeldBy, Holder, Key, KeyId, Unfit};
pub use tls::{TlsFloor, TlsVersion};
pub use transport::{Accepts, Leg, Transport, Verification};

use crate::source::Span;
use crate::value::When;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Index into [`Model::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub usize);

/// Index into [`Model::listeners`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListenerId(pub usize);

/// Index into [`Model::hops`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HopId(pub usize);

/// What a node does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKind {
    /// Where messages start: the public internet or a private network.
    Client,
    /// Ends TLS, reads, and opens a connection of its own.
    Proxy,
    /// Moves bytes without opening them.
    PassThrough,
    Server,
    Function,
    Store,
    /// Something outside the code, or a value that is not known.
    External,
}

impl NodeKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Proxy => "proxy",
            Self::PassThrough => "pass-through",
            Self::Server => "server",
            Self::Function => "function",
            Self::Store => "store",
            Self::External => "external",
        }
    }

    /// Whether a path may end here: something that answers or keeps the message.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Server | Self::Function | Self::Store | Self::External)
    }
}

/// Who runs the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    Aws,
    Cloudflare,
    Fastly,
    Customer,
    Unknown,
}

impl Operator {
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Cloudflare => "cloudflare",
            Self::Fastly => "fastly",
            Self::Customer => "customer",
            Self::Unknown => "unknown",
        }
    }
}

/// Something that handles the message.
#[derive(Clone, Debug)]
pub struct Node {
    /// The stack's id; `None` for clients and external nodes.
    pub stack: Option<Arc<str>>,
    pub address: Arc<str>,
    pub type_name: Option<Arc<str>>,
    /// The account that it is in, where the code binds it to one.
    pub account: Option<Arc<str>>,
    pub kind: NodeKind,
    pub operator: Operator,
    /// How a sentence names it: "Amazon CloudFront", "the load balancer", "the servers".
    pub party: String,
    /// One clause on what it does with the message.
    pub why: String,
    pub span: Option<Span>,
    /// Code at the edge, logs and other parties that get a copy of what this node reads or of what its network carries.
    pub companions: Vec<Companion>,
    /// Whether those of its listeners of which it is not known what they accept may pass the bytes on without opening them.
    pub may_pass: bool,
    /// Data that this node keeps on disk.
    pub stored: Vec<StoredData>,
    /// Why there may be more of this node than was read: parts of it that are not known, and code that is not on disk and was
    /// handed it. Each may add ways and readers.
    pub unread: Vec<Doubt>,
    /// For an external node: why it is not known what stands there. `None` for a literal address outside the code.
    pub doubt: Option<Doubt>,
}

/// A party that reads because of how a node is set up: code that runs there, whoever receives its logs or has its key.
#[derive(Clone, Debug)]
pub struct Companion {
    /// "the Lambda@Edge function", "the access log", "whoever reads the Terraform state".
    pub party: String,
    /// The resource that it is, where the code declares it.
    pub address: Option<Arc<str>>,
    pub evidence: Evidence,
    /// Whether it surely sees message bodies or only may.
    pub certain: bool,
    pub kind: CompanionKind,
}

impl Companion {
    /// A party that belongs to the node and is no resource of the code by itself.
    pub fn inside(party: impl Into<String>, evidence: Evidence, certain: bool) -> Self {
        Self { party: party.into(), address: None, evidence, certain, kind: CompanionKind::Inside }
    }

    /// Whoever gets a copy of what the node's network interface carries.
    pub fn tap(party: impl Into<String>, evidence: Evidence, certain: bool) -> Self {
        Self { kind: CompanionKind::Tap, ..Self::inside(party, evidence, certain) }
    }

    /// A firewall on the network's way to the node that opens TLS there.
    pub fn inspector(party: impl Into<String>, evidence: Evidence) -> Self {
        Self { kind: CompanionKind::Inspector, ..Self::inside(party, evidence, true) }
    }

    /// A provider's front that always reads.
    pub fn front(party: impl Into<String>, evidence: Evidence) -> Self {
        Self { kind: CompanionKind::Front, ..Self::inside(party, evidence, true) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanionKind {
    /// Belongs to the node: where the node is an end, so is this.
    Inside,
    /// The provider's own front, which ends TLS and hands the message over: no part of the end, even where the node is one.
    Front,
    /// Holds the node's TLS private key outside it: no part of the end, even where the node is one.
    KeyOutside,
    /// Gets a copy of what the node's network carries: reads what its hops carry in the clear, and nothing of TLS or of what
    /// the node opens. No part of the end, even where the node is one.
    Tap,
    /// Stands on the network before the node and opens TLS there: reads what clients of the internet send to the node,
    /// whatever they speak, and may read what other hops to or from the node carry. No part of the end, even where the
    /// node is one.
    Inspector,
}

impl CompanionKind {
    /// Whether the party reads what hops to and from the node carry, and not what the node itself handles.
    pub fn is_on_wire(self) -> bool {
        matches!(self, Self::Tap | Self::Inspector)
    }
}

/// A place where a node accepts connections.
#[derive(Clone, Debug)]
pub struct Listener {
    pub node: NodeId,
    /// `None` where the port is not declared or does not matter.
    pub port: Option<i64>,
    /// What it accepts; several faces where that depends on a condition. Never empty.
    pub faces: Vec<Face>,
    /// The listener resource, where it is one of its own.
    pub via: Option<Arc<str>>,
    pub when: Option<When>,
}

/// One thing that a listener may accept, with the condition under which it does.
#[derive(Clone, Debug)]
pub struct Face {
    pub when: Option<When>,
    pub accepts: Accepts,
}

impl Face {
    pub fn always(accepts: Accepts) -> Self {
        Self { when: None, accepts }
    }
}

/// Whether a message from a client to a server, or from a server to a store it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    Request,
    Store,
}

impl Segment {
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Store => "store",
        }
    }
}

/// From where a message arrived at one node to the next node's listener.
#[derive(Clone, Debug)]
pub struct Hop {
    pub from: ListenerId,
    pub to: ListenerId,
    /// At least one; several where the transport depends on a condition.
    pub legs: Vec<Leg>,
    /// The port that is asked for, where the code tells.
    pub port: Option<i64>,
    /// Resources that the hop runs over and that are no nodes.
    pub via: Vec<Arc<str>>,
    /// What makes the hop exist; the legs hold what decides its transport.
    pub evidence: Vec<Evidence>,
    /// The condition under which the hop exists.
    pub when: Option<When>,
    pub segment: Segment,
    /// A way in that walks around a node that fronts the same target.
    pub bypass: bool,
    /// Why it is not sure that the hop exists at all.
    pub doubt: Option<Doubt>,
}

/// The request paths of a workspace.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub nodes: Vec<Node>,
    pub listeners: Vec<Listener>,
    pub hops: Vec<Hop>,
    pub keys: Vec<Key>,
    /// Nodes of which all identities they act as are known.
    pub identified: BTreeSet<NodeId>,
}

impl Model {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    pub fn listener(&self, id: ListenerId) -> &Listener {
        &self.listeners[id.0]
    }

    pub fn hop(&self, id: HopId) -> &Hop {
        &self.hops[id.0]
    }

    pub fn key(&self, id: KeyId) -> &Key {
        &self.keys[id.0]
    }

    pub fn key_ids(&self) -> impl Iterator<Item = KeyId> + use<> {
        (0..self.keys.len()).map(KeyId)
    }

    /// Whether a message that comes in by the listener is surely opened there, where it is opened at all.
    pub fn surely_opens(&self, id: ListenerId) -> bool {
        let listener = self.listener(id);
        let is_open = |face: &Face| matches!(face.accepts, Accepts::Undeclared(_));
        !self.node(listener.node).may_pass || !listener.faces.iter().any(is_open)
    }

    /// Whether the hop's sender passes on the bytes that it gets.
    pub fn passes_on(&self, hop: &Hop) -> bool {
        let as_received = |leg: &Leg| leg.transport == Transport::AsReceived;
        self.node(self.sender(hop)).kind == NodeKind::PassThrough && hop.legs.iter().all(as_received)
    }

    /// The node at which a hop starts.
    pub fn sender(&self, hop: &Hop) -> NodeId {
        self.listener(hop.from).node
    }

    /// The node at which a hop arrives.
    pub fn receiver(&self, hop: &Hop) -> NodeId {
        self.listener(hop.to).node
    }

    pub fn node_ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId)
    }

    /// Client nodes: the starts of all paths.
    pub fn clients(&self) -> Vec<NodeId> {
        self.node_ids().filter(|id| self.node(*id).kind == NodeKind::Client).collect()
    }
}
