//! What a draft is made of besides nodes: leads, hops, aliases, ways in.

use super::super::world::ResourceId;
use super::destination::{Destination, Place};
use crate::model::{Doubt, Evidence, Leg, ListenerId, Segment};
use crate::value::When;
use crate::value::secret::Text;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// A resource that is no node leads on to others: a target group to its targets, a record to what it names.
#[derive(Clone, Debug)]
pub struct Lead {
    pub to: Destination,
    pub via: Vec<Arc<str>>,
    pub when: Option<When>,
    pub evidence: Vec<Evidence>,
}

impl Lead {
    /// A way with nothing worth telling on it.
    pub fn to(destination: Destination, when: Option<When>) -> Self {
        Self { to: destination, via: Vec::new(), when, evidence: Vec::new() }
    }
}

/// Who gets an answer from a zone of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Public,
    /// Only those inside the networks that the zone is for.
    Private,
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
    /// A host name, as the namespace's members write it.
    pub name: Text,
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
            Place::Listener(_) | Place::Host(_) | Place::Name(..) | Place::Outside(..) | Place::Kept(_) => None,
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

/// That a resource is also registered with something of which the code does not tell who calls it.
pub struct Registration {
    pub target: ResourceId,
    /// What shows that: the target group, or what registers the resource.
    pub by: ResourceId,
    /// How that calls the resource.
    pub leg: Leg,
    pub via: Vec<Arc<str>>,
    pub when: Option<When>,
    pub doubt: Doubt,
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
