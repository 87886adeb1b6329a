//! Cloudflare Tunnel: cloudflared runs beside the origin, keeps a connection to the edge and calls the services.

use crate::model::{
    Accepts, Doubt, Evidence, Face, Leg, ListenerId, NodeKind, Operator, Segment, TlsFloor, Transport, Verification,
};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, NodeFacts, PendingHop, Place, pointing, scheme_of};
use crate::services::read::{Alternative, Block, Child, Field, Setting, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[Service { types: TUNNEL, describe }];

const TUNNEL: Types = Types {
    terraform: &["cloudflare_zero_trust_tunnel_cloudflared", "cloudflare_tunnel", "cloudflare_argo_tunnel"],
    cloudformation: &[],
};
const CONFIGURATION: Types = Types {
    terraform: &["cloudflare_zero_trust_tunnel_cloudflared_config", "cloudflare_tunnel_config"],
    cloudformation: &[],
};

const TUNNEL_ID: Field = field("tunnel_id", "-");
const CONFIG: Field = field("config", "-");
const SOURCE: Field = field("source", "-");
const INGRESS: Field = field("ingress|ingress_rule", "-");
const SERVICE: Field = field("service", "-");
const ORIGIN_REQUEST: Field = field("origin_request", "-");
const NO_TLS_VERIFY: Field = field("no_tls_verify", "-");

pub(super) fn is_tunnel(world: &World<'_>, id: ResourceId) -> bool {
    TUNNEL.holds(&world.resource(id).type_name)
}

/// The connection between the edge and cloudflared is Cloudflare's own matter and nothing in the code decides it.
pub(super) fn edge_to_cloudflared(block: &Block<'_>) -> Doubt {
    Doubt::new(
        "the connection between Cloudflare's edge and cloudflared",
        "how the tunnel carries the message is not in the code",
        "assume in e2e-lint.yaml what it is, with the reason",
        Some(block.place()),
    )
}

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Customer,
        party: "cloudflared",
        why: "takes the request out of the tunnel and calls the service",
    };
    let node = draft.node(block, facts);
    let listener = draft.listen(node, None, vec![Face::always(Accepts::Undeclared(edge_to_cloudflared(block)))]);
    let configurations = pointing(draft.world, block.id, CONFIGURATION, |config| config.links(draft.world, TUNNEL_ID));
    if configurations.is_empty() {
        let doubt = configured_elsewhere(block);
        outside(draft, listener, block.owner.address.as_str(), &doubt, block.owner.exists.when());
    }
    for (configuration, when) in configurations {
        // Cloudflare then holds none: cloudflared reads a file of its own.
        if configuration.text(SOURCE).as_deref() == Some("local") {
            let doubt = configured_elsewhere(block);
            outside(draft, listener, block.owner.address.as_str(), &doubt, when.as_ref());
            continue;
        }
        for config in configuration.children(CONFIG) {
            match config.value {
                Child::Block(config) => describe_config(draft, listener, &config, when.as_ref()),
                Child::Unknown(doubt) => {
                    let when = When::both(when.as_ref(), config.when.as_ref());
                    outside(draft, listener, block.owner.address.as_str(), &doubt, when.as_ref());
                }
            }
        }
    }
}

fn configured_elsewhere(block: &Block<'_>) -> Doubt {
    let what = format!("the services behind {}", block.owner.address);
    let message = format!("{what} are configured on the host or in the dashboard, not in this code");
    let settle = "configure the tunnel in this code, or assume in e2e-lint.yaml what stands behind it";
    Doubt::new(what, message, settle, Some(block.owner.header))
}

fn outside(draft: &mut Draft<'_>, from: ListenerId, what: &str, doubt: &Doubt, when: Option<&When>) {
    let place = Place::Outside(format!("services behind {what}"), Some(doubt.clone()));
    draft.send(PendingHop {
        from,
        to: Destination { place, port: None },
        legs: vec![Leg::new(Transport::Unknown(doubt.clone()), Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when: when.cloned(),
        segment: Segment::Request,
        doubt: None,
    });
}

/// Rules share the tunnel; where there are several, which of them takes a request depends on its host and path.
fn describe_config<'a>(draft: &mut Draft<'a>, from: ListenerId, config: &Block<'a>, when: Option<&When>) {
    let rules = config.children(INGRESS);
    let forwards = rules.iter().filter(|rule| match &rule.value {
        Child::Block(rule) => !answers_itself(rule),
        Child::Unknown(_) => true,
    });
    let several = forwards.count() > 1;
    for rule in rules {
        let when = When::both(when, rule.when.as_ref());
        match rule.value {
            Child::Block(rule) if answers_itself(&rule) => {}
            Child::Block(rule) => describe_rule(draft, from, config, &rule, when.as_ref(), several),
            Child::Unknown(doubt) => {
                outside(draft, from, config.owner.address.as_str(), &doubt, when.as_ref());
            }
        }
    }
}

/// `http_status:404` and the like.
fn answers_itself(rule: &Block<'_>) -> bool {
    rule.text(SERVICE).is_some_and(|service| service.starts_with("http_status:") || service == "hello_world")
}

fn describe_rule<'a>(
    draft: &mut Draft<'a>,
    from: ListenerId,
    config: &Block<'a>,
    rule: &Block<'a>,
    when: Option<&When>,
    several: bool,
) {
    let Some(service) = rule.get(SERVICE) else { return };
    for (service_when, service) in service.alternatives() {
        let when = When::both(when, service_when.as_ref());
        if is_local(service) {
            let doubt = on_the_same_host(service);
            outside(draft, from, config.owner.address.as_str(), &doubt, when.as_ref());
            continue;
        }
        let legs = legs(config, rule, service);
        for link in rule.of(service).links(draft.world, field("", "")) {
            draft.send(PendingHop {
                from,
                to: Destination::of_link(draft.world, rule.id, &link.value),
                legs: legs.clone(),
                via: vec![rule.owner.address.shared()],
                evidence: vec![
                    Evidence::new("service", "cloudflared calls this service", service.span()).along(service),
                ],
                when: when.clone(),
                segment: Segment::Request,
                doubt: several.then(|| one_of_several(rule)),
            });
        }
    }
}

/// Loopback and sockets: the message does not leave the host of cloudflared.
fn is_local(service: &Value) -> bool {
    let Some(text) = service.as_str() else { return false };
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or(rest);
    matches!(host, "localhost" | "127.0.0.1") || rest.starts_with("[::1]") || text.starts_with("unix")
}

fn on_the_same_host(service: &Value) -> Doubt {
    let text = service.as_text().unwrap_or_default();
    let message = format!("{text} is on the host that runs cloudflared, which this code does not show");
    Doubt::new(text, message, "assume in e2e-lint.yaml what stands there", Some(service.span()))
}

fn one_of_several(rule: &Block<'_>) -> Doubt {
    let what = format!("which rule of {} takes the request", rule.owner.address);
    let message = "the tunnel has several rules, and the request's host and path choose one";
    Doubt::new(what, message, "give each host name a tunnel of its own", Some(rule.place()))
}

/// The scheme of the service decides, not the zone's SSL mode.
fn legs(config: &Block<'_>, rule: &Block<'_>, service: &Value) -> Vec<Leg> {
    let stated = |meaning: &str| {
        vec![rule.stated(SERVICE, &service.as_text().unwrap_or_else(|| "(a reference)".to_owned()), service, meaning)]
    };
    match scheme_of(service).as_deref() {
        Some("http" | "ws") => {
            vec![Leg::new(Transport::Plaintext, stated("cloudflared calls the service in the clear"))]
        }
        Some("https" | "wss") => {
            let evidence = stated("cloudflared opens a TLS connection to the service");
            verifications(config, rule)
                .into_iter()
                .map(|Alternative { when, value: (verification, decided) }| {
                    let transport = Transport::Tls { floor: TlsFloor::unknown(), verification };
                    let evidence = evidence.iter().cloned().chain(decided).collect();
                    Leg { when, transport, evidence }
                })
                .collect()
        }
        _ => {
            let doubt = match service.as_text() {
                Some(text) => {
                    let message = format!("{text} does not say whether the connection is encrypted");
                    Doubt::new(text, message, "use an http:// or https:// service", Some(service.span()))
                }
                None => doubt_of(service),
            };
            vec![Leg::new(Transport::Unknown(doubt), Vec::new())]
        }
    }
}

/// `no_tls_verify` is false by default; a rule's own `origin_request` goes before the tunnel's.
fn verifications(config: &Block<'_>, rule: &Block<'_>) -> Vec<Alternative<(Verification, Option<Evidence>)>> {
    if [rule, config].iter().any(|holder| holder.unknown_along(&[ORIGIN_REQUEST]).is_some()) {
        return vec![Alternative::always((Verification::Undecided, None))];
    }
    let own = rule.known_block(ORIGIN_REQUEST).filter(|block| block.has(NO_TLS_VERIFY));
    let Some(block) = own.or_else(|| config.known_block(ORIGIN_REQUEST)) else {
        return vec![Alternative::always((Verification::Verified, None))];
    };
    if block.when != config.when && block.when != rule.when {
        // What holds where the condition does not is not looked for.
        return vec![Alternative::always((Verification::Undecided, None))];
    }
    let read = |Alternative { when, value }: Alternative<Setting<'_>>| {
        let value = match value {
            Setting::Text(text, value) if text == "true" => {
                let meaning = "cloudflared accepts any certificate of the service";
                (Verification::Unverified, Some(block.stated(NO_TLS_VERIFY, &text, value, meaning)))
            }
            Setting::Text(..) | Setting::Absent => (Verification::Verified, None),
            Setting::Unknown(_) => (Verification::Undecided, None),
        };
        Alternative { when, value }
    };
    block.setting(NO_TLS_VERIFY).into_iter().map(read).collect()
}
