//! How a hop carries the message, and what a listener accepts.

use super::evidence::{Doubt, Evidence};
use super::tls::TlsFloor;
use crate::value::When;

/// Whether the sender verifies who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verification {
    Verified,
    Unverified,
    /// Nothing that is documented decides it.
    Unknown,
    /// The code decides it, by a value or a condition that is not known.
    Undecided,
}

impl Verification {
    pub fn known(self) -> Option<bool> {
        match self {
            Self::Verified => Some(true),
            Self::Unverified => Some(false),
            Self::Unknown | Self::Undecided => None,
        }
    }
}

/// What the sender of a hop does.
#[derive(Clone, Debug, PartialEq)]
pub enum Transport {
    Plaintext,
    /// Opens a TLS connection of its own.
    Tls {
        floor: TlsFloor,
        verification: Verification,
    },
    /// Passes on the bytes as they came.
    AsReceived,
    /// A client, which speaks what the listener or whoever stands behind it serves.
    ByListener,
    Unknown(Doubt),
}

/// One transport of a hop, with the condition under which the hop has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    pub when: Option<When>,
    pub transport: Transport,
    /// What decides the transport; the deciding attribute first.
    pub evidence: Vec<Evidence>,
}

impl Leg {
    pub fn new(transport: Transport, evidence: Vec<Evidence>) -> Self {
        Self { when: None, transport, evidence }
    }
}

/// What a listener accepts.
#[derive(Clone, Debug, PartialEq)]
pub enum Accepts {
    Plaintext(Vec<Evidence>),
    Tls {
        floor: TlsFloor,
        evidence: Vec<Evidence>,
    },
    /// Bytes of any protocol, not opened here.
    Opaque(Vec<Evidence>),
    /// The code does not show it: whatever the sender speaks is accepted, and a client's protocol is not known.
    Undeclared(Doubt),
}
