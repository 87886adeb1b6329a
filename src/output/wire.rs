//! What is on the wire of a hop, in the words that all pictures share.

use crate::check::HopRow;

/// What can be told of a wire at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wire {
    Encrypted,
    /// In the clear, or in the clear for clients that choose so.
    Plaintext,
    Unknown,
}

pub(super) fn class(hop: &HopRow) -> Wire {
    match hop.transport.as_str() {
        "plaintext" | "mixed" => Wire::Plaintext,
        "tls" => Wire::Encrypted,
        _ => Wire::Unknown,
    }
}

pub(super) fn words(hop: &HopRow) -> String {
    match hop.transport.as_str() {
        "plaintext" => "PLAINTEXT".to_owned(),
        "mixed" => "PLAINTEXT or TLS".to_owned(),
        "tls" => tls(hop),
        "opaque" => "passed on, not known".to_owned(),
        _ => "UNKNOWN".to_owned(),
    }
}

fn tls(hop: &HopRow) -> String {
    let version = match hop.tls_min.as_deref() {
        Some("SSLv3") => "TLS or SSLv3".to_owned(),
        Some("1.3") => "TLS 1.3".to_owned(),
        Some(version) => format!("TLS {version}+"),
        None => "TLS".to_owned(),
    };
    match hop.verified {
        Some(false) => format!("{version}, unverified"),
        Some(true) | None => version,
    }
}
