//! Custom hostnames: names of other people that Cloudflare serves by a zone of this code, and sends to an origin of it
//! (Cloudflare for SaaS).

use super::dns;
use super::edge::{self, Front};
use super::zone::Zone;
use crate::model::{Doubt, Evidence, Leg, Segment, TlsFloor, Transport};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Exposure, PendingHop, Place, normal_host};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[Service { types: CUSTOM, describe }];

const CUSTOM: Types = Types { terraform: &["cloudflare_custom_hostname"], cloudformation: &[] };
const FALLBACK: Types = Types { terraform: &["cloudflare_custom_hostname_fallback_origin"], cloudformation: &[] };

const HOSTNAME: Field = field("hostname", "-");
const OWN_ORIGIN: Field = field("custom_origin_server", "-");
const ORIGIN: Field = field("origin", "-");
const SSL: Field = field("ssl", "-");
const SETTINGS: Field = field("settings", "-");
const MIN_TLS: Field = field("min_tls_version", "-");

/// Cloudflare ends TLS for the name with a certificate of its own, and goes on as the zone's SSL mode says.
///
/// Source: "How it works" of the Cloudflare for SaaS documentation.
fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = edge::node(draft, block);
    // The name is not one of the zone's.
    let mut zone = Zone::of(draft.world, block, None);
    zone.host = block.text(HOSTNAME).map(|name| name.map(normal_host));
    let when = block.owner.exists.when().cloned();
    edge::lead_here(draft, block, &zone, when.as_ref());
    let evidence = vec![Evidence::new("custom hostname", "Cloudflare ends the visitor's TLS here", block.place())];
    let path = [SSL, SETTINGS];
    let settings = block.known_along(&path).into_iter().next();
    let is_conditional =
        settings.as_ref().is_some_and(|settings| settings.when.is_some()) || block.unknown_along(&path).is_some();
    let floor = if is_conditional {
        Some(TlsFloor::unknown())
    } else {
        settings.and_then(|settings| edge::own_floor(&settings, MIN_TLS))
    };
    let front = Front { node, zone, exposure: Exposure::Internet, when, evidence, floor };
    let origins = origins(draft.world, block, &front.zone);
    let modes = edge::modes(draft.world, &front.zone);
    let rerouted = edge::rerouted(draft.world, &front.zone);
    for door in edge::open(draft, &front, &modes) {
        for upstream in edge::upstreams(&front.zone, &modes, rerouted.as_ref(), &door) {
            let matched = When::both(door.when.as_ref(), upstream.when.as_ref());
            for (to, when) in &origins {
                draft.send(PendingHop {
                    from: door.listener,
                    to: to.clone().at_port(upstream.port),
                    legs: upstream.legs.clone(),
                    via: Vec::new(),
                    evidence: vec![Evidence::new("origin", "Cloudflare sends the request here", block.place())],
                    when: When::both(matched.as_ref(), when.as_ref()),
                    segment: Segment::Request,
                    doubt: upstream.doubt.clone(),
                });
            }
            if origins.is_empty() {
                send_elsewhere(draft, block, door.listener, door.when.as_ref());
            }
        }
    }
}

/// The hostname's own origin, or the zone's fallback origin.
fn origins<'a>(world: &World<'a>, block: &Block<'a>, zone: &Zone) -> Vec<(Destination, Option<When>)> {
    if block.has(OWN_ORIGIN) {
        return named(world, block, zone, OWN_ORIGIN);
    }
    let fallbacks = zone.members(world, FALLBACK);
    fallbacks.iter().flat_map(|fallback| named(world, fallback, zone, ORIGIN)).collect()
}

/// An origin is named by a record of the zone, which Cloudflare does not go through again.
fn named<'a>(world: &World<'a>, block: &Block<'a>, zone: &Zone, field: Field) -> Vec<(Destination, Option<When>)> {
    let mut found = Vec::new();
    for link in block.links(world, field) {
        let records: Vec<ResourceId> = match &link.value {
            Link::Text(name, _) => dns::records_of(world, zone, name),
            Link::Resource { id, .. } if dns::is_record(world, *id) => vec![*id],
            _ => Vec::new(),
        };
        let exists = When::both(block.owner.exists.when(), link.when.as_ref());
        if records.is_empty() {
            found.push((Destination::of_link(world, block.id, &link.value), exists));
            continue;
        }
        for (to, when) in records.into_iter().flat_map(|record| dns::contents(world, record)) {
            found.push((to, When::both(exists.as_ref(), when.as_ref())));
        }
    }
    found
}

fn send_elsewhere(draft: &mut Draft<'_>, block: &Block<'_>, from: crate::model::ListenerId, when: Option<&When>) {
    let what = format!("the origin of {}", block.owner.address);
    let settle = "declare the fallback origin in this code, or assume in e2e-lint.yaml what stands there";
    let doubt = Doubt::new(
        what.clone(),
        "neither the hostname nor its zone names an origin in this code",
        settle,
        Some(block.owner.header),
    );
    draft.send(PendingHop {
        from,
        to: Destination { place: Place::Outside(what, Some(doubt.clone())), port: None },
        legs: vec![Leg::new(Transport::Unknown(doubt), Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when: when.cloned(),
        segment: Segment::Request,
        doubt: None,
    });
}
