//! Keys of the code, and who can decrypt with them.

use super::NodeId;
use super::evidence::{Doubt, Evidence};
use std::sync::Arc;

/// Index into [`super::Model::keys`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub usize);

/// A key that the code declares.
#[derive(Clone, Debug)]
pub struct Key {
    /// The stack's id.
    pub stack: Arc<str>,
    /// Its own address, then those of resources that stand for it: aliases.
    pub addresses: Vec<Arc<str>>,
    /// Set for a key that closes no message bodies.
    pub unfit: Option<Unfit>,
    pub holders: Vec<Holder>,
    /// Why the key itself may have more holders: a policy that is not known, code that is not read.
    pub unread: Vec<Doubt>,
    /// Why others of the key's own account may be holders: it leaves the choice to the account.
    pub delegated: Vec<Doubt>,
}

impl Key {
    /// `stack//address`, by which stored data names its key.
    pub fn name(&self) -> String {
        format!("{}//{}", self.stack, self.address())
    }

    pub fn address(&self) -> &str {
        self.addresses.first().map_or("", |address| address)
    }
}

/// Why a key closes no bodies, and the nodes that use it for what it does.
#[derive(Clone, Debug)]
pub struct Unfit {
    pub evidence: Evidence,
    pub nodes: Vec<NodeId>,
}

/// A party that can decrypt.
#[derive(Clone, Debug)]
pub struct Holder {
    /// "the role aws_iam_role.support", "account 123456789012".
    pub party: String,
    /// The resource that it is, where the code declares it.
    pub address: Option<Arc<str>>,
    /// The nodes that act as it: where all are of the ends, so is it. Empty where no known node does.
    pub nodes: Vec<NodeId>,
    pub evidence: Evidence,
    /// Whether it surely can decrypt or only may.
    pub certain: bool,
    pub by: HeldBy,
    /// One identity of which the code does not tell whose it is: it may be that of a node whose identity is not known.
    pub nameless: bool,
}

/// What makes a party a holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBy {
    /// The key's own policy or a grant.
    Key,
    /// A policy of the account, to which the key leaves the choice.
    Account,
    /// It may give itself or others the permission.
    Escalation,
    /// A service of the provider is let in.
    Service,
}
