//! Fastly: a service ends the visitor's TLS; each backend says how it is called. A shield is another data centre of
//! Fastly's on the way, and no other party.

mod backend;
mod logs;

use crate::model::{Accepts, Companion, Doubt, Evidence, Face, NodeId, NodeKind, Operator, TlsFloor};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, pointing};
use crate::services::read::{Block, Field, field};
use crate::services::world::Types;
use crate::value::{Value, When};

/// Everything that e2e-lint knows of Fastly.
pub(super) static SERVICES: &[&[Service]] = &[&[
    Service { types: VCL, describe: describe_vcl },
    Service { types: COMPUTE, describe: describe_compute },
    Service { types: DOMAIN, describe: describe_domain },
]];

const VCL: Types = Types { terraform: &["fastly_service_vcl", "fastly_service_v1"], cloudformation: &[] };
const COMPUTE: Types = Types { terraform: &["fastly_service_compute"], cloudformation: &[] };

/// Domains that are resources of their own.
const DOMAIN: Types = Types { terraform: &["fastly_domain", "fastly_domain_v1"], cloudformation: &[] };
const LINK: Types =
    Types { terraform: &["fastly_domain_service_link", "fastly_domain_v1_service_link"], cloudformation: &[] };

const FQDN: Field = field("fqdn", "-");
const DOMAIN_ID: Field = field("domain_id", "-");
const SERVICE_ID: Field = field("service_id", "-");
const ACTIVATE: Field = field("activate", "-");
const DOMAINS: Field = field("domain", "-");
const DOMAIN_NAME: Field = field("name", "-");
const BACKENDS: Field = field("backend", "-");
const REQUEST_SETTINGS: Field = field("request_setting", "-");
const FORCE_SSL: Field = field("force_ssl", "-");
const CONDITION: Field = field("request_condition", "-");
/// Configuration code of the customer, which may choose another backend.
const CODE: [Field; 3] = [field("vcl", "-"), field("snippet", "-"), field("dynamicsnippet", "-")];

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
    draft.at_the_edge(node);
    let exists = When::both(block.owner.exists.when(), active(block).as_ref());
    let exists = exists.as_ref();
    for name in block.known_blocks(DOMAINS).iter().filter_map(|domain| domain.text(DOMAIN_NAME)) {
        let to = Destination::resource(block.id);
        draft.host(&name, Lead::to(to, exists.cloned()));
    }
    for companion in logs::readers(block) {
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
        let backends = block.children(BACKENDS);
        let several = backends.len() > 1;
        for called in backends {
            let chosen = backend::chosen(&called.value, several);
            let when = When::both(When::both(exists, called.when.as_ref()).as_ref(), chosen.as_ref());
            backend::send(draft, from, block, called.value, when.as_ref(), doubt);
        }
    }
    node
}

/// When what the code describes is what visitors meet: a version that is not activated changes nothing for them, but somebody
/// may activate it later. Source: `activate` of the provider, true by default.
fn active(block: &Block<'_>) -> Option<When> {
    match block.unless_off(ACTIVATE) {
        Some(when) => when,
        None => Some(When::atom(format!("the version of {} in this code is activated", block.owner.address))),
    }
}

/// The service of a domain stands in the domain, or in a link between the two.
fn describe_domain<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(name) = block.text(FQDN) else { return };
    let links = pointing(draft.world, block.id, LINK, |link| link.links(draft.world, DOMAIN_ID));
    let mut places = vec![(block.clone(), block.owner.exists.when().cloned())];
    places.extend(links.into_iter().map(|(link, when)| (link, When::both(block.owner.exists.when(), when.as_ref()))));
    for (place, exists) in places {
        for link in place.links(draft.world, SERVICE_ID) {
            let to = Destination::of_link(draft.world, place.id, &link.value);
            let when = When::both(exists.as_ref(), link.when.as_ref());
            draft.host(&name, Lead::to(to, when));
        }
    }
}

/// HTTP is answered unless a request setting without a condition redirects all of it, which the Compute platform does by itself;
/// a certificate of the domain, which may stand elsewhere, is taken to be there. Source: "Redirect insecure HTTP to TLS" of
/// Fastly's documentation.
fn doors(block: &Block<'_>) -> Vec<(i64, Accepts)> {
    let evidence = Evidence::new("Fastly service", "Fastly ends the visitor's TLS here", block.owner.header);
    let mut doors = Vec::new();
    let forces = |setting: &Block<'_>| {
        let is_on = setting.get(FORCE_SSL).and_then(Value::as_bool) == Some(true);
        is_on && setting.when.is_none() && !setting.has(CONDITION)
    };
    let redirects = COMPUTE.holds(&block.owner.type_name);
    if !redirects && !block.known_blocks(REQUEST_SETTINGS).iter().any(forces) {
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
