//! Ends, promises and verdicts: who may read and who can. Pure functions over the model and its graph.

mod assume;
mod cases;
mod hold;
mod judge;
mod pattern;
mod sentence;
mod settle;

pub use assume::{Applied, Assumption, Serves, assume, contradicting};
pub use judge::{AtRestGap, Gap, GapKind, Judgement, Verdict, judge};
pub use pattern::Pattern;
pub use sentence::{PathSummary, claim_sentence, party_name, reader_name, summarize};
pub use settle::{trials, unknowns};

use crate::model::{Custody, TlsVersion};
use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Promise {
    /// Nobody between the ends can read.
    EndToEnd,
    /// No hop carries plaintext. Not end-to-end encryption, and never called so.
    EncryptedInTransit,
}

impl Promise {
    pub fn name(self) -> &'static str {
        match self {
            Self::EndToEnd => "end-to-end",
            Self::EncryptedInTransit => "encrypted-in-transit",
        }
    }
}

/// Encryption of the message itself, above the transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayloadKey {
    /// Only the ends hold the key.
    HeldByEnds,
    /// A key in the code, whose holders are worked out.
    Resource(Pattern),
}

/// What somebody says of their infrastructure.
#[derive(Clone, Debug)]
pub struct Claim {
    pub name: String,
    /// The sentence that customers or auditors are told.
    pub says: Option<String>,
    pub promise: Promise,
    pub from: Vec<Pattern>,
    /// Together they are one end.
    pub to: Vec<Pattern>,
    /// Parties accepted as readers: address patterns or party names.
    pub may_read: Vec<Pattern>,
    pub min_tls: Option<TlsVersion>,
    /// Whether parties count that can read only by standing in for an unverified node.
    /// Unless said otherwise they do in an end-to-end claim and do not in one about transit.
    pub verify_peers: Option<bool>,
    pub at_rest: Option<Custody>,
    pub payload: Option<PayloadKey>,
    /// The environments in which it is made; empty for all.
    pub environments: Vec<String>,
    /// False for the built-in claim.
    pub declared: bool,
    /// Where it is stated: the `says` text, or the claim's name.
    pub span: Option<Span>,
}

impl Claim {
    /// Whether active-only readers break the claim.
    pub fn counts_impostors(&self) -> bool {
        self.verify_peers.unwrap_or(self.promise == Promise::EndToEnd)
    }

    pub fn is_made_in(&self, environment: Option<&str>) -> bool {
        self.environments.is_empty() || environment.is_some_and(|name| self.environments.iter().any(|own| own == name))
    }

    /// What is checked without a claims file: every hop from any client to any server or store is encrypted.
    pub fn built_in() -> Self {
        Self {
            name: "encrypted-in-transit".to_owned(),
            says: None,
            promise: Promise::EncryptedInTransit,
            from: Vec::new(),
            to: Vec::new(),
            may_read: Vec::new(),
            min_tls: None,
            verify_peers: None,
            at_rest: None,
            payload: None,
            environments: Vec::new(),
            declared: false,
            span: None,
        }
    }
}
