//! Cloudflare load balancers: a proxied one is Cloudflare's edge before its pools, others answer DNS queries.

use super::edge::{self, Front};
use super::zone::Zone;
use crate::model::{Doubt, Evidence, Leg, Segment, Transport};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Exposure, Lead, PendingHop};
use crate::services::read::{Block, Child, Field, Link, field};
use crate::services::world::{Types, World};
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] =
    &[Service { types: BALANCER, describe: describe_balancer }, Service { types: POOL, describe: describe_pool }];

const BALANCER: Types = Types { terraform: &["cloudflare_load_balancer"], cloudformation: &[] };
const POOL: Types = Types { terraform: &["cloudflare_load_balancer_pool"], cloudformation: &[] };

const NAME: Field = field("name", "-");
const ENABLED: Field = field("enabled", "-");
const POOLS: [Field; 2] = [field("default_pools|default_pool_ids", "-"), field("fallback_pool|fallback_pool_id", "-")];
/// Pools for some visitors only.
const MORE_POOLS: [Field; 4] =
    [field("region_pools", "-"), field("country_pools", "-"), field("pop_pools", "-"), field("rules", "-")];
const ORIGINS: Field = field("origins", "-");
const ADDRESS: Field = field("address", "-");
const PORT: Field = field("port", "-");

/// Whether a load balancer surely answers for the zone's name.
pub(super) fn serves(world: &World<'_>, zone: &Zone) -> bool {
    let is_there = |block: &Block<'_>| block.owner.exists.when().is_none() && block.unless_off(ENABLED) == Some(None);
    zone.host.is_some()
        && zone
            .members(world, BALANCER)
            .iter()
            .any(|block| is_there(block) && Zone::of(world, block, block.text(NAME)).host == zone.host)
}

fn describe_balancer<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(on) = block.unless_off(ENABLED) else { return };
    let exists = When::both(block.owner.exists.when(), on.as_ref());
    let zone = Zone::of(draft.world, block, block.text(NAME));
    let pools = pools(draft, block);
    let (fronts, plain) = edge::fronts(draft, block, &zone, exists.as_ref());
    for front in fronts {
        proxy(draft, block, &front, &pools);
    }
    for when in plain {
        lead_on(draft, block, &zone, &pools, when.as_ref());
    }
}

/// Where a balancer sends requests, with the condition.
type Pool = (Destination, Option<When>);

fn pools<'a>(draft: &Draft<'a>, block: &Block<'a>) -> Vec<Pool> {
    let mut found: Vec<Pool> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for link in POOLS.into_iter().flat_map(|field| block.links(draft.world, field)) {
        let repeated = matches!(&link.value, Link::Resource { id, .. } if link.when.is_none() && !seen.insert(*id));
        if !repeated {
            found.push((Destination::of_link(draft.world, block.id, &link.value), link.when));
        }
    }
    found
}

fn lead_on<'a>(draft: &mut Draft<'a>, block: &Block<'a>, zone: &Zone, pools: &[Pool], when: Option<&When>) {
    for (to, pool_when) in pools {
        let lead = Lead {
            to: to.clone(),
            via: vec![block.owner.address.shared()],
            when: When::both(when, pool_when.as_ref()),
            evidence: Vec::new(),
        };
        if let Some(host) = &zone.host {
            draft.host(host, lead.clone());
        }
        draft.lead(block.id, lead);
    }
}

fn proxy<'a>(draft: &mut Draft<'a>, block: &Block<'a>, front: &Front, pools: &[Pool]) {
    let doubted = match &front.exposure {
        Exposure::Unknown(doubt) => Some(doubt.clone()),
        Exposure::Internet | Exposure::Private => more_pools(block),
    };
    let rerouted = edge::rerouted(draft.world, &front.zone);
    for door in edge::open(draft, front, &edge::modes(draft.world, &front.zone)) {
        for (to, when) in pools {
            draft.send(PendingHop {
                from: door.listener,
                to: to.clone(),
                legs: vec![Leg::new(Transport::Unknown(no_scheme(block)), Vec::new())],
                via: Vec::new(),
                evidence: vec![Evidence::new("load balancer", "Cloudflare chooses a pool", block.place())],
                when: When::both(door.when.as_ref(), when.as_ref()),
                segment: Segment::Request,
                doubt: doubted.clone().or_else(|| door.doubt.clone()).or_else(|| rerouted.clone()),
            });
        }
    }
}

/// Steering by region, country, data centre or rule may choose a pool that is not among the default ones.
fn more_pools(block: &Block<'_>) -> Option<Doubt> {
    let field = MORE_POOLS.into_iter().find(|field| block.has(*field))?;
    let name = field.spelling(block.language());
    let message = format!("{name} of {} may send visitors to other pools", block.owner.address);
    let settle = "assume in e2e-lint.yaml what the other pools are";
    Some(Doubt::new(name, message, settle, block.get(field).map(Value::span)))
}

/// Origins of a pool have an address and a port and no scheme, and the documentation names nothing that decides it.
fn no_scheme(block: &Block<'_>) -> Doubt {
    let what = format!("the protocol from {} to its origins", block.owner.address);
    let message =
        "an origin of a Cloudflare pool has no scheme, so it is not known whether Cloudflare speaks TLS to it";
    Doubt::new(what, message, "assume in e2e-lint.yaml what the origins serve", Some(block.place()))
}

/// The monitor's protocol is the health check's and not the traffic's.
fn describe_pool<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.pool(block.id, "origins");
    for origin in block.children(ORIGINS) {
        match origin.value {
            Child::Block(origin_block) => {
                if let Some(on) = origin_block.unless_off(ENABLED) {
                    lead_to_origin(draft, block, &origin_block, on.as_ref());
                }
            }
            Child::Unknown(doubt) => {
                let to = Destination::of_link(draft.world, block.id, &Link::Unknown(doubt));
                draft.lead(block.id, Lead::to(to, origin.when));
            }
        }
    }
}

fn lead_to_origin<'a>(draft: &mut Draft<'a>, pool: &Block<'a>, origin: &Block<'a>, when: Option<&When>) {
    let port = origin.get(PORT).and_then(Value::as_integer).filter(|port| *port != 0);
    for link in origin.links(draft.world, ADDRESS) {
        let to = Destination::of_link(draft.world, pool.id, &link.value).at_port(port);
        let when = When::both(when, link.when.as_ref());
        draft.lead(pool.id, Lead::to(to, when));
    }
}
