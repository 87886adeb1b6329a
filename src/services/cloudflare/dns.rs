//! DNS records: proxied ones are Cloudflare's edge, others join a name to what it stands for.

use super::edge::{self, Front};
use super::zone::Zone;
use super::{load_balancer, tunnel};
use crate::model::{Evidence, Leg, Segment, Transport};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Exposure, Lead, PendingHop, Place};
use crate::services::read::{Alternative, Block, Field, Link, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[Service { types: RECORD, describe }];

const RECORD: Types = Types { terraform: &["cloudflare_dns_record", "cloudflare_record"], cloudformation: &[] };

const NAME: Field = field("name", "-");
const TYPE: Field = field("type", "-");
const CONTENT: Field = field("content|value", "-");
const PROXIED: Field = field("proxied", "-");

/// `proxied` is false by default.
fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let kind = block.text(TYPE).unwrap_or_default();
    if !matches!(kind.as_str(), "A" | "AAAA" | "CNAME") {
        return;
    }
    let zone = Zone::of(draft.world, block, block.text(NAME));
    // "If a load balancer has the same name as an existing DNS record, the load balancer takes precedence."
    if load_balancer::serves(draft.world, &zone) {
        return;
    }
    let exists = block.owner.exists.when();
    let mut fronts = Vec::new();
    for Alternative { when, value } in block.setting(PROXIED) {
        let when = When::both(exists, when.as_ref());
        match value {
            Setting::Text(text, value) if text == "true" => {
                let evidence = block.stated(PROXIED, &text, value, "Cloudflare ends the visitor's TLS here");
                fronts.push((when, Exposure::Internet, vec![evidence]));
            }
            Setting::Text(..) | Setting::Absent => lead_on(draft, block, &zone, when.as_ref()),
            Setting::Unknown(doubt) => fronts.push((when, Exposure::Unknown(doubt), Vec::new())),
        }
    }
    if fronts.is_empty() {
        return;
    }
    let node = edge::node(draft, block);
    for (when, exposure, evidence) in fronts {
        if let Some(host) = &zone.host {
            let to = Destination::resource(block.id);
            draft.host(host, Lead { to, via: Vec::new(), when: when.clone(), evidence: Vec::new() });
        }
        proxy(draft, block, &Front { node, zone: zone.clone(), exposure, when, evidence, floor: None });
    }
}

/// A record that is not proxied is no party.
fn lead_on<'a>(draft: &mut Draft<'a>, block: &Block<'a>, zone: &Zone, when: Option<&When>) {
    for link in block.links(draft.world, CONTENT) {
        let lead = Lead {
            to: Destination::of_link(draft.world, block.id, &link.value),
            via: vec![block.owner.address.shared()],
            when: When::both(when, link.when.as_ref()),
            evidence: Vec::new(),
        };
        if let Some(host) = &zone.host {
            draft.host(host, lead.clone());
        }
        draft.lead(block.id, lead);
    }
}

/// Records of the zone with that name.
pub(super) fn records_of(world: &World<'_>, zone: &Zone, name: &str) -> Vec<ResourceId> {
    let named = |block: &Block<'_>| Zone::of(world, block, block.text(NAME)).host.as_deref() == Some(name);
    zone.members(world, RECORD).iter().filter(|block| named(block)).map(|block| block.id).collect()
}

pub(super) fn is_record(world: &World<'_>, id: ResourceId) -> bool {
    RECORD.holds(&world.resource(id).type_name)
}

/// Where a record leads those who do not stop at Cloudflare's edge.
pub(super) fn contents(world: &World<'_>, id: ResourceId) -> Vec<(Destination, Option<When>)> {
    let block = world.block(id);
    let exists = block.owner.exists.when();
    let links = block.links(world, CONTENT).into_iter();
    links.map(|link| (Destination::of_link(world, id, &link.value), When::both(exists, link.when.as_ref()))).collect()
}

fn proxy<'a>(draft: &mut Draft<'a>, block: &Block<'a>, front: &Front) {
    let doubted = match &front.exposure {
        Exposure::Unknown(doubt) => Some(doubt.clone()),
        Exposure::Internet | Exposure::Private => None,
    };
    for door in edge::open(draft, front) {
        for upstream in edge::upstreams(draft.world, &front.zone, door.scheme) {
            let matched = When::both(door.when.as_ref(), upstream.when.as_ref());
            for link in block.links(draft.world, CONTENT) {
                let (to, legs) = next(draft, block, &link.value, &upstream.legs, upstream.port);
                draft.send(PendingHop {
                    from: door.listener,
                    to,
                    legs,
                    via: Vec::new(),
                    evidence: origin_evidence(block),
                    when: When::both(matched.as_ref(), link.when.as_ref()),
                    segment: Segment::Request,
                    doubt: doubted.clone().or_else(|| upstream.doubt.clone()),
                });
            }
        }
    }
}

/// The SSL mode decides the way to an origin's address, not the way into a tunnel.
fn next<'a>(
    draft: &Draft<'a>,
    block: &Block<'a>,
    link: &Link<'a>,
    legs: &[Leg],
    port: Option<i64>,
) -> (Destination, Vec<Leg>) {
    let to = Destination::of_link(draft.world, block.id, link);
    let into_tunnel = match &to.place {
        Place::Resource(id) => tunnel::is_tunnel(draft.world, *id),
        Place::Host(host) => host.ends_with(".cfargotunnel.com"),
        _ => false,
    };
    if into_tunnel {
        let doubt = tunnel::edge_to_cloudflared(block);
        return (to, vec![Leg::new(Transport::Unknown(doubt), Vec::new())]);
    }
    (to.at_port(port), legs.to_vec())
}

fn origin_evidence(block: &Block<'_>) -> Vec<Evidence> {
    let value: Option<&Value> = block.get(CONTENT);
    let evidence =
        |value: &Value| Evidence::new("origin", "Cloudflare sends the request here", value.span()).along(value);
    value.map(evidence).into_iter().collect()
}
