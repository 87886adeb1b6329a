//! DNS records: proxied ones are Cloudflare's edge, others join a name to what it stands for.

use super::edge::{self, Front};
use super::zone::Zone;
use super::{hosting, load_balancer, tunnel};
use crate::model::{Evidence, Leg, Segment, Transport};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Exposure, Lead, PendingHop, Place, normal_host};
use crate::services::read::{Block, Field, Link, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[Service { types: RECORD, describe }];

const RECORD: Types = Types { terraform: &["cloudflare_dns_record", "cloudflare_record"], cloudformation: &[] };

const NAME: Field = field("name", "-");
const TYPE: Field = field("type", "-");
const CONTENT: Field = field("content|value", "-");

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let zone = Zone::of(draft.world, block, block.text(NAME));
    // "If a load balancer has the same name as an existing DNS record, the load balancer takes precedence."
    if load_balancer::serves(draft.world, &zone) || hosting::serves(draft.world, &zone) {
        return;
    }
    for kind in kinds(block) {
        let exists = When::both(block.owner.exists.when(), kind.as_ref());
        let (fronts, plain) = edge::fronts(draft, block, &zone, exists.as_ref());
        for front in fronts {
            proxy(draft, block, &front);
        }
        for when in plain {
            lead_on(draft, block, &zone, when.as_ref());
        }
    }
}

/// When the record says where a host is. A type that is not known may be one of those that do.
fn kinds(block: &Block<'_>) -> Vec<Option<When>> {
    let says_where = |kind: &Setting<'_>| match kind {
        Setting::Text(text, _) => matches!(text.as_str(), "A" | "AAAA" | "CNAME"),
        Setting::Unknown(_) => true,
        Setting::Absent => false,
    };
    let kinds = block.setting(TYPE);
    if !kinds.is_empty() && kinds.iter().all(|kind| says_where(&kind.value)) {
        return vec![None];
    }
    kinds.into_iter().filter(|kind| says_where(&kind.value)).map(|kind| kind.when).collect()
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
    let named = |block: &Block<'_>| {
        Zone::of(world, block, block.text(NAME)).host.is_some_and(|host| host == *normal_host(name))
    };
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
    let modes = edge::modes(draft.world, &front.zone);
    let rerouted = edge::rerouted(draft.world, &front.zone);
    for door in edge::open(draft, front, &modes) {
        for upstream in edge::upstreams(&front.zone, &modes, rerouted.as_ref(), &door) {
            let matched = When::both(door.when.as_ref(), upstream.when.as_ref());
            let links = block.links(draft.world, CONTENT).into_iter();
            for link in links.filter(|link| !is_no_origin(&link.value)) {
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

/// Addresses that nobody has: a proxied record needs one where a rule or code at the edge answers. Sources: RFC 5737,
/// RFC 6666, and "Originless setups" of the Cloudflare DNS documentation.
fn is_no_origin(link: &Link<'_>) -> bool {
    const RESERVED: [&str; 4] = ["192.0.2.", "198.51.100.", "203.0.113.", "100::"];
    matches!(link, Link::Text(text, _) if RESERVED.iter().any(|start| text.starts_with(start)))
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
