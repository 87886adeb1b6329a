//! Fastly: a service ends the visitor's TLS; each backend says how it is called.

use crate::model::{
    Accepts, Companion, Doubt, Evidence, Face, Leg, NodeId, NodeKind, Operator, Segment, TlsFloor, TlsVersion,
    Transport, Verification,
};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop};
use crate::services::read::{Alternative, Block, Child, Field, Setting, field};
use crate::services::world::Types;
use crate::value::{Value, When};

/// Everything that e2e-lint knows of Fastly.
pub(super) static SERVICES: &[&[Service]] =
    &[&[Service { types: VCL, describe: describe_vcl }, Service { types: COMPUTE, describe: describe_compute }]];

const VCL: Types = Types { terraform: &["fastly_service_vcl", "fastly_service_v1"], cloudformation: &[] };
const COMPUTE: Types = Types { terraform: &["fastly_service_compute"], cloudformation: &[] };

const DOMAINS: Field = field("domain", "-");
const DOMAIN_NAME: Field = field("name", "-");
const BACKENDS: Field = field("backend", "-");
const ADDRESS: Field = field("address", "-");
const PORT: Field = field("port", "-");
const USE_SSL: Field = field("use_ssl", "-");
const CHECK_CERTIFICATE: Field = field("ssl_check_cert", "-");
const MIN_TLS: Field = field("min_tls_version", "-");
const REQUEST_SETTINGS: Field = field("request_setting", "-");
const FORCE_SSL: Field = field("force_ssl", "-");
const CONDITION: Field = field("request_condition", "-");
/// Configuration code of the customer, which may choose another backend.
const CODE: [Field; 3] = [field("vcl", "-"), field("snippet", "-"), field("dynamicsnippet", "-")];
/// Blocks that send logs somewhere.
const LOGGING: &str = "logging_";

fn describe_vcl<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let code = CODE.into_iter().find(|field| block.has(*field));
    let doubt = code.map(|field| {
        let name = field.spelling(block.language());
        let span = block.get(field).map(Value::span);
        let message = format!("{name} of {} is code that may choose another backend", block.owner.address);
        Doubt::new(name, message, "assume in e2e-lint.yaml that it does not, with the reason", span)
    });
    describe(draft, block, doubt.as_ref());
}

/// A Compute service is code at the edge: it reads, and calls what it wants.
fn describe_compute<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let address = &block.owner.address;
    let doubt = Doubt::new(
        format!("the code of {address}"),
        format!("{address} runs code that chooses which backend it calls"),
        "assume in e2e-lint.yaml which it calls, with the reason",
        Some(block.owner.header),
    );
    let node = describe(draft, block, Some(&doubt));
    let evidence = Evidence::new("Compute service", "the code sees the requests", block.owner.header);
    draft.companion(node, Companion::inside("the Fastly Compute code", evidence, true));
}

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>, doubt: Option<&Doubt>) -> NodeId {
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Fastly,
        party: "Fastly",
        why: "ends the visitor's TLS and starts a new connection to the backend",
    };
    let node = draft.node(block, facts);
    let exists = block.owner.exists.when();
    for name in block.blocks(DOMAINS).iter().filter_map(|domain| domain.text(DOMAIN_NAME)) {
        let to = Destination::resource(block.id);
        draft.host(&name, Lead { to, via: Vec::new(), when: exists.cloned(), evidence: Vec::new() });
    }
    for companion in logs(block) {
        draft.companion(node, companion);
    }
    for (port, accepts) in doors(block) {
        let from = draft.listen(node, Some(port), vec![Face::always(accepts)]);
        draft.admit(Entry {
            listener: from,
            exposure: Exposure::Internet,
            when: exists.cloned(),
            evidence: Vec::new(),
        });
        for backend in block.children(BACKENDS) {
            let when = When::both(exists, backend.when.as_ref());
            send(draft, from, block, backend.value, when.as_ref(), doubt);
        }
    }
    node
}

/// HTTP is answered unless a request setting without a condition redirects all of it; a certificate of the domain,
/// which may stand elsewhere, is taken to be there.
fn doors(block: &Block<'_>) -> Vec<(i64, Accepts)> {
    let evidence = Evidence::new("Fastly service", "Fastly ends the visitor's TLS here", block.owner.header);
    let mut doors = Vec::new();
    let forces =
        |setting: &Block<'_>| setting.get(FORCE_SSL).and_then(Value::as_bool) == Some(true) && !setting.has(CONDITION);
    if !block.blocks(REQUEST_SETTINGS).iter().any(forces) {
        let doubt = Doubt::new(
            format!("whether {} answers HTTP", block.owner.address),
            "no request setting of the service redirects every HTTP request to HTTPS, but its code or Fastly may",
            "set force_ssl in a request_setting without a condition",
            Some(block.owner.header),
        );
        doors.push((80, Accepts::Undeclared(doubt)));
    }
    doors.push((443, Accepts::Tls { floor: TlsFloor::unknown(), evidence: vec![evidence] }));
    doors
}

/// Whoever receives the logs sees what the log format names.
fn logs(block: &Block<'_>) -> Vec<Companion> {
    let entries = block.value.as_object().into_iter().flatten();
    let sinks = entries.filter(|(name, value)| name.starts_with(LOGGING) && !value.is_null());
    let companion = |(name, value): (&std::sync::Arc<str>, &Value)| {
        let evidence = Evidence::new(name.to_string(), "logs of the requests go there", value.span());
        Companion::inside(format!("whoever receives {name}"), evidence, false)
    };
    sinks.map(companion).collect()
}

fn send<'a>(
    draft: &mut Draft<'a>,
    from: crate::model::ListenerId,
    block: &Block<'a>,
    backend: Child<'a>,
    when: Option<&When>,
    doubt: Option<&Doubt>,
) {
    let (links, legs, port) = match backend {
        Child::Block(backend) => (backend.links(draft.world, ADDRESS), legs(&backend), port(&backend)),
        Child::Unknown(unknown) => {
            let link = Alternative::always(crate::services::read::Link::Unknown(unknown.clone()));
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
        Some(None) => Verification::Unknown,
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
