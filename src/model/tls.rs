//! TLS protocol versions and the least one that a listener or a sender accepts.

use super::evidence::Evidence;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TlsVersion {
    Ssl3,
    V1_0,
    V1_1,
    V1_2,
    V1_3,
}

impl TlsVersion {
    /// Reads `1.0` to `1.3`, the spelling of reports and claims.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "1.0" => Some(Self::V1_0),
            "1.1" => Some(Self::V1_1),
            "1.2" => Some(Self::V1_2),
            "1.3" => Some(Self::V1_3),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Ssl3 => "SSLv3",
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }
}

impl fmt::Display for TlsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ssl3 => f.write_str("SSLv3"),
            other => write!(f, "TLS {}", other.name()),
        }
    }
}

/// The least version that is accepted, with what decides it. An unknown floor has no version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TlsFloor {
    pub version: Option<TlsVersion>,
    pub evidence: Option<Evidence>,
}

impl TlsFloor {
    pub fn known(version: TlsVersion, evidence: Evidence) -> Self {
        Self { version: Some(version), evidence: Some(evidence) }
    }

    /// A floor that the service guarantees and no code decides.
    pub fn fixed(version: TlsVersion) -> Self {
        Self { version: Some(version), evidence: None }
    }

    pub fn unknown() -> Self {
        Self::default()
    }
}
