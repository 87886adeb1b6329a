//! Who holds the key of stored data.

use super::evidence::{Doubt, Evidence};
use crate::source::Span;
use crate::value::When;

/// The ladder of key ownership, weakest first. A claim's `at-rest` names the least one it accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Custody {
    /// Stored unencrypted.
    None,
    /// The provider's own key, shared by many customers; nobody else sees it.
    ProviderOwned,
    /// A key in the customer's account that the provider manages and whose policy cannot be changed.
    ProviderManaged,
    /// A key whose policy the customer writes.
    CustomerManaged,
}

impl Custody {
    /// Reads the spelling of claims: `encrypted`, `provider-managed`, `customer-managed`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "encrypted" => Some(Self::ProviderOwned),
            "provider-managed" => Some(Self::ProviderManaged),
            "customer-managed" => Some(Self::CustomerManaged),
            _ => None,
        }
    }

    pub fn phrase(self) -> &'static str {
        match self {
            Self::None => "stored unencrypted",
            Self::ProviderOwned => "encrypted with a key that the provider owns",
            Self::ProviderManaged => "encrypted with a key that the provider manages",
            Self::CustomerManaged => "encrypted with a key that the customer manages",
        }
    }
}

/// The phrase for a custody that may not be known.
pub fn custody_phrase(custody: &Result<Custody, Doubt>) -> &'static str {
    custody.as_ref().map_or("encrypted with a key of which nothing is known", |custody| custody.phrase())
}

/// Data at rest with the custody of its key.
#[derive(Clone, Debug)]
pub struct StoredData {
    /// What is stored: "the database", "the root volume".
    pub what: String,
    pub when: Option<When>,
    /// Unknown where the code does not decide it.
    pub custody: Result<Custody, Doubt>,
    pub evidence: Evidence,
    /// The key of the code that closes it, as [`super::Key::name`] spells it.
    pub key: Option<String>,
}

impl StoredData {
    /// Data of which it is not known how it is stored.
    pub fn unknown(what: impl Into<String>, when: Option<When>, doubt: Doubt, place: Span) -> Self {
        let evidence = Evidence::new("unknown", "it is not known whether it is encrypted", place);
        Self { what: what.into(), when, custody: Err(doubt), evidence, key: None }
    }

    /// The verb that goes with what is stored: "the database is", "the records are".
    pub fn verb(&self) -> &'static str {
        if self.what.ends_with('s') { "are" } else { "is" }
    }
}
