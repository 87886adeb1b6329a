//! How Fastly calls a backend, and when it is sure that it does.

use crate::model::{Doubt, Evidence, Leg, ListenerId, Segment, TlsFloor, TlsVersion, Transport, Verification};
use crate::services::draft::{Destination, Draft, PendingHop};
use crate::services::read::{Alternative, Block, Child, Field, Link, Setting, field};
use crate::value::secret::Text;
use crate::value::{Value, When};

const ADDRESS: Field = field("address", "-");
const NAME: Field = field("name", "-");
const PORT: Field = field("port", "-");
const USE_SSL: Field = field("use_ssl", "-");
const CHECK_CERTIFICATE: Field = field("ssl_check_cert", "-");
const SHARES_LOAD: Field = field("auto_loadbalance", "-");
/// The same word as that of a request setting.
const BACKEND_CONDITION: Field = field("request_condition", "-");
const MIN_TLS: Field = field("min_tls_version", "-");

/// The condition under which a backend takes a request: backends that share the load always do, of others Fastly's own
/// order or a condition chooses one.
pub(super) fn chosen(backend: &Child<'_>, several: bool) -> Option<When> {
    let Child::Block(backend) = backend else { return None };
    let shares = backend.get(SHARES_LOAD).and_then(Value::as_bool) == Some(true);
    let condition = backend.text(BACKEND_CONDITION);
    if condition.is_none() && (shares || !several) {
        return None;
    }
    let name = backend.text(NAME).unwrap_or_else(|| Text::open("one of several backends"));
    let text = match condition {
        Some(condition) => format!("{condition} holds for the request"),
        None => format!("Fastly chooses {name}"),
    };
    Some(When::atom(text))
}

pub(super) fn send<'a>(
    draft: &mut Draft<'a>,
    from: ListenerId,
    block: &Block<'a>,
    backend: Child<'a>,
    when: Option<&When>,
    doubt: Option<&Doubt>,
) {
    let (links, legs, port) = match backend {
        Child::Block(backend) => (backend.links(draft.world, ADDRESS), legs(&backend), port(&backend)),
        Child::Unknown(unknown) => {
            let link = Alternative::always(Link::Unknown(unknown.clone()));
            (vec![link], vec![Leg::new(Transport::Unknown(unknown), Vec::new())], None)
        }
    };
    for link in links {
        draft.send(PendingHop {
            from,
            to: Destination::of_link(draft.world, block.id, &link.value).at_port(port),
            legs: legs.clone(),
            via: Vec::new(),
            evidence: vec![Evidence::new("backend", "Fastly sends the request here", block.owner.header)],
            when: When::both(when, link.when.as_ref()),
            segment: Segment::Request,
            doubt: doubt.cloned(),
        });
    }
}

/// Port 80 by default, also with `use_ssl`; the port decides nothing about encryption.
fn port(backend: &Block<'_>) -> Option<i64> {
    match backend.get(PORT) {
        None => Some(80),
        Some(value) => value.as_integer(),
    }
}

/// `use_ssl` is false by default.
fn legs(backend: &Block<'_>) -> Vec<Leg> {
    let in_the_clear = "Fastly sends the request to the backend in the clear";
    let leg = |Alternative { when, value }: Alternative<Setting<'_>>| {
        let (transport, evidence) = match value {
            Setting::Text(text, value) if text == "true" => {
                let meaning = "Fastly opens a new TLS connection to the backend";
                let transport = Transport::Tls { floor: floor(backend), verification: verification(backend) };
                (transport, vec![backend.stated(USE_SSL, &text, value, meaning)])
            }
            Setting::Text(text, value) => {
                (Transport::Plaintext, vec![backend.stated(USE_SSL, &text, value, in_the_clear)])
            }
            Setting::Absent => (Transport::Plaintext, vec![backend.defaulted(USE_SSL, "false", in_the_clear)]),
            Setting::Unknown(doubt) => (Transport::Unknown(doubt), Vec::new()),
        };
        Leg { when, transport, evidence }
    };
    backend.setting(USE_SSL).into_iter().map(leg).collect()
}

/// `ssl_check_cert` is true by default.
fn verification(backend: &Block<'_>) -> Verification {
    match backend.get(CHECK_CERTIFICATE).map(Value::as_bool) {
        None | Some(Some(true)) => Verification::Verified,
        Some(Some(false)) => Verification::Unverified,
        Some(None) => Verification::Undecided,
    }
}

fn floor(backend: &Block<'_>) -> TlsFloor {
    let Some(value) = backend.get(MIN_TLS) else { return TlsFloor::unknown() };
    let text = value.as_text().unwrap_or_default();
    match TlsVersion::parse(&text) {
        Some(version) => {
            let meaning = format!("Fastly may use {version} to the backend");
            TlsFloor::known(version, backend.stated(MIN_TLS, &text, value, meaning))
        }
        None => TlsFloor::unknown(),
    }
}
