//! Spectrum: passes TCP and UDP on, or ends TLS. `tls = "off"` means pass-through here, where the zone's `ssl = "off"`
//! means plaintext.

use crate::model::{
    Accepts, Doubt, Evidence, Face, Leg, NodeKind, Operator, Segment, TlsFloor, Transport, Verification,
};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop};
use crate::services::read::{Alternative, Block, Child, Field, Link, Setting, field};
use crate::services::world::Types;
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[Service { types: APPLICATION, describe }];

const APPLICATION: Types = Types { terraform: &["cloudflare_spectrum_application"], cloudformation: &[] };

const PROTOCOL: Field = field("protocol", "-");
const DNS: Field = field("dns", "-");
const DNS_NAME: Field = field("name", "-");
const ORIGIN_DIRECT: Field = field("origin_direct", "-");
const ORIGIN_DNS: Field = field("origin_dns", "-");
const ORIGIN_PORT: Field = field("origin_port", "-");
const TLS: Field = field("tls", "-");
const TRAFFIC_TYPE: Field = field("traffic_type", "-");

/// What Spectrum does with the connection, in one alternative of its settings.
struct Mode {
    when: Option<When>,
    accepts: Accepts,
    transport: Transport,
    evidence: Vec<Evidence>,
}

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let modes = modes(block);
    let passes = modes.iter().all(|mode| matches!(mode.accepts, Accepts::Opaque(_)));
    let facts = if passes {
        NodeFacts {
            kind: NodeKind::PassThrough,
            operator: Operator::Cloudflare,
            party: "Cloudflare Spectrum",
            why: "passes the bytes on without opening them",
        }
    } else {
        NodeFacts {
            kind: NodeKind::Proxy,
            operator: Operator::Cloudflare,
            party: "Cloudflare Spectrum",
            why: "ends the client's connection and opens a new one to the origin",
        }
    };
    let node = draft.node(block, facts);
    if !surely_opens(block) {
        draft.may_pass(node);
    }
    draft.outside_networks(node);
    for name in block.known_blocks(DNS).iter().filter_map(|dns| dns.text(DNS_NAME)) {
        let to = Destination::resource(block.id);
        draft.host(&name, Lead::to(to, block.owner.exists.when().cloned()));
    }
    let face = |mode: &Mode| Face { when: mode.when.clone(), accepts: mode.accepts.clone() };
    let listener = draft.listen(node, port(block), modes.iter().map(face).collect());
    let when = block.owner.exists.when().cloned();
    draft.admit(Entry { listener, exposure: Exposure::Internet, when: when.clone(), evidence: Vec::new() });
    let leg = |mode: Mode| Leg { when: mode.when, transport: mode.transport, evidence: mode.evidence };
    let legs: Vec<Leg> = modes.into_iter().map(leg).collect();
    for (to, origin_when) in origins(draft, block) {
        draft.send(PendingHop {
            from: listener,
            to,
            legs: legs.clone(),
            via: Vec::new(),
            evidence: Vec::new(),
            when: When::both(when.as_ref(), origin_when.as_ref()),
            segment: Segment::Request,
            doubt: None,
        });
    }
}

/// `tcp/443`. A range or a named protocol has no single port.
fn port(block: &Block<'_>) -> Option<i64> {
    block.text(PROTOCOL)?.split_once('/')?.1.parse().ok()
}

fn origins<'a>(draft: &Draft<'a>, block: &Block<'a>) -> Vec<(Destination, Option<When>)> {
    let port = block.get(ORIGIN_PORT).and_then(Value::as_integer);
    let mut links = block.links(draft.world, ORIGIN_DIRECT);
    for origin in block.children(ORIGIN_DNS) {
        match origin.value {
            Child::Block(origin) => links.extend(origin.links(draft.world, DNS_NAME)),
            Child::Unknown(doubt) => links.push(Alternative { when: origin.when, value: Link::Unknown(doubt) }),
        }
    }
    let to = |link: &Alternative<Link<'a>>| Destination::of_link(draft.world, block.id, &link.value).at_port(port);
    links.into_iter().map(|link| (to(&link), link.when)).collect()
}

/// Whether every kind of traffic that the application may be for goes through Cloudflare's HTTP proxy.
fn surely_opens(block: &Block<'_>) -> bool {
    let is_http =
        |traffic: &Setting<'_>| matches!(traffic, Setting::Text(text, _) if text == "http" || text == "https");
    block.setting(TRAFFIC_TYPE).iter().all(|traffic| is_http(&traffic.value))
}

/// The HTTP pipeline ends TLS whatever `tls` says; otherwise `tls` decides.
fn modes(block: &Block<'_>) -> Vec<Mode> {
    match block.setting(TRAFFIC_TYPE).as_slice() {
        [Alternative { value: Setting::Text(text, value), .. }] if text == "http" || text == "https" => {
            let meaning = "the traffic goes through Cloudflare's HTTP proxy, which reads it";
            let evidence = vec![block.stated(TRAFFIC_TYPE, text, value, meaning)];
            let doubt = onward(block);
            vec![Mode {
                when: None,
                accepts: Accepts::Undeclared(doubt.clone()),
                transport: Transport::Unknown(doubt),
                evidence,
            }]
        }
        [Alternative { value: Setting::Text(text, _), .. }] if text == "direct" => by_tls(block),
        [Alternative { value: Setting::Absent, .. }] if is_version_5(block) => by_tls(block),
        [Alternative { value: Setting::Unknown(doubt), .. }, ..] => vec![unknown(None, doubt.clone())],
        _ => vec![unknown(None, unread(block, TRAFFIC_TYPE))],
    }
}

/// Version 5 writes `dns` as an attribute, version 4 as a block. Only version 5 has defaults: `direct` and `off`.
fn is_version_5(block: &Block<'_>) -> bool {
    block.get(DNS).is_some_and(|dns| dns.as_object().is_some())
}

fn by_tls(block: &Block<'_>) -> Vec<Mode> {
    block.setting(TLS).into_iter().map(|alternative| by_tls_setting(block, alternative)).collect()
}

fn by_tls_setting(block: &Block<'_>, Alternative { when, value }: Alternative<Setting<'_>>) -> Mode {
    let passes = "Spectrum passes the bytes on without opening them";
    let pass = |evidence: Evidence| Mode {
        when: when.clone(),
        accepts: Accepts::Opaque(vec![evidence.clone()]),
        transport: Transport::AsReceived,
        evidence: vec![evidence],
    };
    let (text, value) = match value {
        Setting::Unknown(doubt) => return unknown(when, doubt),
        Setting::Absent if is_version_5(block) => return pass(block.defaulted(TLS, "off", passes)),
        Setting::Absent => return unknown(when, unread(block, TLS)),
        Setting::Text(text, value) => (text, value),
    };
    let ends_tls = |transport, meaning: &str| {
        let accepts = Accepts::Tls {
            floor: TlsFloor::unknown(),
            evidence: vec![block.stated(TLS, &text, value, "Cloudflare ends the client's TLS here")],
        };
        Mode { when: when.clone(), accepts, transport, evidence: vec![block.stated(TLS, &text, value, meaning)] }
    };
    let tls = |verification| Transport::Tls { floor: TlsFloor::unknown(), verification };
    match text.as_str() {
        "off" => pass(block.stated(TLS, &text, value, passes)),
        "flexible" => ends_tls(Transport::Plaintext, "Spectrum sends the bytes to the origin in the clear"),
        "full" => {
            let meaning = "Spectrum opens a new TLS connection to the origin and accepts any certificate";
            ends_tls(tls(Verification::Unverified), meaning)
        }
        "strict" => {
            let meaning = "Spectrum opens a new TLS connection to the origin and verifies its certificate";
            ends_tls(tls(Verification::Verified), meaning)
        }
        _ => unknown(when, unread(block, TLS)),
    }
}

fn unknown(when: Option<When>, doubt: Doubt) -> Mode {
    Mode {
        when,
        accepts: Accepts::Undeclared(doubt.clone()),
        transport: Transport::Unknown(doubt),
        evidence: Vec::new(),
    }
}

fn unread(block: &Block<'_>, field: Field) -> Doubt {
    let what = format!("{} of {}", field.spelling(block.language()), block.owner.address);
    let message = format!("{what} is not known, so it is not known whether Spectrum ends TLS");
    Doubt::new(what, message, "set it", Some(block.place()))
}

fn onward(block: &Block<'_>) -> Doubt {
    let what = format!("how {} speaks to its origin", block.owner.address);
    let message = "the code does not decide with which protocol Cloudflare's HTTP proxy goes on from Spectrum";
    Doubt::new(what, message, "assume in e2e-lint.yaml what the origin serves", Some(block.place()))
}
