//! Cloudflare Tunnel: cloudflared runs beside the origin, keeps a connection to the edge and calls the services.

use crate::model::{
    Accepts, Doubt, Evidence, Face, Leg, ListenerId, NodeKind, Operator, Segment, TlsFloor, Transport, Verification,
};
use crate::resource::Address;
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, NodeFacts, PendingHop, Place, pointing, scheme_of};
use crate::services::read::{Alternative, Block, Child, Field, Link, Presence, Setting, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};
use crate::source::Span;
use crate::value::secret::Text;
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] =
    &[Service { types: TUNNEL, describe }, Service { types: CONFIGURATION, describe: describe_stranded }];

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
    let elsewhere = configured_elsewhere(&block.owner.address, block.owner.header);
    if let Some(rest) = When::otherwise(configurations.iter().map(|(_, when)| when.as_ref())) {
        let when = When::both(block.owner.exists.when(), rest.as_ref());
        outside(draft, listener, block.owner.address.as_str(), &elsewhere, when.as_ref());
    }
    for (configuration, when) in configurations {
        describe_configuration(draft, listener, &configuration, when.as_ref(), &elsewhere);
    }
}

/// A configuration whose tunnel is not in this code sends requests on all the same: it stands for the tunnel.
fn describe_stranded<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let mut tunnels = block.links(draft.world, TUNNEL_ID);
    tunnels.retain(|link| !matches!(link.value, Link::Resource { id, .. } if draft.home(id).is_some()));
    if tunnels.is_empty() {
        return;
    }
    let undeclared = When::any_of(tunnels.iter().map(|link| link.when.as_ref()));
    let when = When::both(block.owner.exists.when(), undeclared.as_ref());
    let what = format!("the tunnel of {}", block.owner.address.without_keys());
    let place = block.get(TUNNEL_ID).map_or(block.owner.header, Value::span);
    let message = format!("{what} is not in this code, so it is not known who can call it");
    let settle = "lint the code that declares the tunnel together with this code";
    let doubt = Doubt::new(what, message, settle, Some(place));
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Customer,
        party: "cloudflared",
        why: "its configuration calls the service; the tunnel itself is not in this code",
    };
    let node = draft.node(block, facts);
    let listener = draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt.clone()))]);
    let elsewhere = configured_elsewhere(&block.owner.address, block.owner.header);
    describe_configuration(draft, listener, block, when.as_ref(), &elsewhere);
    let open = tunnels.iter().filter(|link| matches!(link.value, Link::Unknown(_) | Link::Outside(..)));
    let open: Vec<_> = open.map(|link| link.when.as_ref()).collect();
    if !open.is_empty() {
        let when = When::both(block.owner.exists.when(), When::any_of(open).as_ref());
        describe_possible(draft, block, when.as_ref(), &elsewhere);
    }
    draft.admit(Entry { listener, exposure: Exposure::Unknown(doubt), when, evidence: Vec::new() });
}

/// A configuration of a tunnel that is not known may be that of any.
fn describe_possible<'a>(draft: &mut Draft<'a>, block: &Block<'a>, when: Option<&When>, elsewhere: &Doubt) {
    for tunnel in draft.world.of_types(TUNNEL) {
        if let Some(listener) = draft.front(tunnel) {
            let is_meant = format!("{} is for {}", block.owner.address, draft.world.address(tunnel));
            let when = When::both(when, Some(&When::atom(is_meant)));
            describe_configuration(draft, listener, block, when.as_ref(), elsewhere);
        }
    }
}

/// What Cloudflare holds for the tunnel; without it, or with a local source, cloudflared reads a file of its own.
fn describe_configuration<'a>(
    draft: &mut Draft<'a>,
    listener: ListenerId,
    configuration: &Block<'a>,
    when: Option<&When>,
    elsewhere: &Doubt,
) {
    let address = configuration.owner.address.as_str();
    let (local, held) = sources(draft.world, configuration);
    for local in local {
        outside(draft, listener, address, elsewhere, When::both(when, local.as_ref()).as_ref());
    }
    for held in held {
        let when = When::both(when, held.as_ref());
        for config in configuration.presence(CONFIG) {
            let when = When::both(when.as_ref(), config.when.as_ref());
            match config.value {
                Presence::Block(config) => describe_config(draft, listener, &config, when.as_ref()),
                Presence::Absent => outside(draft, listener, address, elsewhere, when.as_ref()),
                Presence::Unknown(doubt) => outside(draft, listener, address, &doubt, when.as_ref()),
            }
        }
    }
}

/// The conditions under which the configuration is a file beside cloudflared, and those under which Cloudflare holds it.
fn sources(world: &World<'_>, configuration: &Block<'_>) -> (Vec<Option<When>>, Vec<Option<When>>) {
    let (mut local, mut held) = (Vec::new(), Vec::new());
    for Alternative { when, value } in configuration.setting(SOURCE) {
        match value {
            Setting::Text(text, _) if text == "local" => local.push(when),
            Setting::Text(..) | Setting::Absent => held.push(when),
            Setting::Unknown(_) => {
                let is_local = When::atom(format!("source of {} is local", configuration.owner.address));
                let is_local = is_local.within(&world.stack_of(configuration.id).id);
                local.push(When::both(when.as_ref(), Some(&is_local)));
                held.push(When::both(when.as_ref(), Some(&is_local.negated())));
            }
        }
    }
    (local, held)
}

fn configured_elsewhere(address: &Address, header: Span) -> Doubt {
    let what = format!("the services behind {address}");
    let message = format!("{what} are configured on the host or in the dashboard, not in this code");
    let settle = "configure the tunnel in this code, or assume in e2e-lint.yaml what stands behind it";
    Doubt::new(what, message, settle, Some(header))
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
    let text = Text::of(service).unwrap_or_default();
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
            let doubt = match Text::of(service) {
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

/// Whether cloudflared verifies the service, with what decides it.
type Verified = Alternative<(Verification, Option<Evidence>)>;

/// `no_tls_verify` is false by default; what a rule's own `origin_request` says goes before what the tunnel's says.
fn verifications(config: &Block<'_>, rule: &Block<'_>) -> Vec<Verified> {
    // That the two are there at all is the hop's condition.
    let (config, rule) = (config.clone().always(), rule.clone().always());
    let by_config = |when: Option<When>| {
        let config = config.clone().given(when.as_ref());
        no_tls_verify(&config, &|when| vec![Alternative { when, value: (Verification::Verified, None) }])
    };
    no_tls_verify(&rule, &by_config)
}

/// By one `origin_request`; where that says nothing, by `otherwise`.
fn no_tls_verify(holder: &Block<'_>, otherwise: &dyn Fn(Option<When>) -> Vec<Verified>) -> Vec<Verified> {
    let mut found = Vec::new();
    for Alternative { when, value } in holder.presence(ORIGIN_REQUEST) {
        let block = match value {
            Presence::Block(block) => block,
            Presence::Absent => {
                found.extend(otherwise(when));
                continue;
            }
            Presence::Unknown(_) => {
                found.push(Alternative { when, value: (Verification::Undecided, None) });
                continue;
            }
        };
        for Alternative { when, value } in block.setting(NO_TLS_VERIFY) {
            let value = match value {
                Setting::Text(text, value) if text == "true" => {
                    let meaning = "cloudflared accepts any certificate of the service";
                    (Verification::Unverified, Some(block.stated(NO_TLS_VERIFY, &text, value, meaning)))
                }
                Setting::Text(..) => (Verification::Verified, None),
                Setting::Unknown(_) => (Verification::Undecided, None),
                Setting::Absent => {
                    found.extend(otherwise(when));
                    continue;
                }
            };
            found.push(Alternative { when, value });
        }
    }
    found
}
