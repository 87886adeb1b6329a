//! What Cloudflare hosts under a name: Workers, Pages and R2 buckets. Its edge ends TLS and hands the request over; what
//! the code there calls is not followed.

use super::edge::{self, Front};
use super::zone::Zone;
use crate::model::{Companion, Evidence, NodeKind, Operator, TlsFloor, TlsVersion};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Exposure, Lead, NodeFacts, normal_host};
use crate::services::read::{Block, Field, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[
    Service { types: WORKER_DOMAIN, describe: describe_worker },
    Service { types: PAGES_DOMAIN, describe: describe_pages },
    Service { types: BUCKET_DOMAIN, describe: describe_bucket },
];

const WORKER_DOMAIN: Types =
    Types { terraform: &["cloudflare_workers_custom_domain", "cloudflare_workers_domain"], cloudformation: &[] };
const PAGES_DOMAIN: Types = Types { terraform: &["cloudflare_pages_domain"], cloudformation: &[] };
const BUCKET_DOMAIN: Types = Types { terraform: &["cloudflare_r2_custom_domain"], cloudformation: &[] };

const HOSTNAME: Field = field("hostname", "-");
const PAGES_NAME: Field = field("name|domain", "-");
const BUCKET_NAME: Field = field("domain", "-");
const ENABLED: Field = field("enabled", "-");
const MIN_TLS: Field = field("min_tls", "-");

fn describe_worker<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let facts = NodeFacts {
        kind: NodeKind::Function,
        operator: Operator::Cloudflare,
        party: "the Cloudflare Worker",
        why: "runs the application at Cloudflare's edge, which ends the visitor's TLS",
    };
    serve(draft, block, facts, "Workers custom domain", HOSTNAME, None, None);
}

fn describe_pages<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let facts = NodeFacts {
        kind: NodeKind::Function,
        operator: Operator::Cloudflare,
        party: "the Cloudflare Pages site",
        why: "is answered at Cloudflare's edge, which ends the visitor's TLS",
    };
    serve(draft, block, facts, "Pages domain", PAGES_NAME, None, None);
}

/// A bucket faces the internet only by a domain that is switched on. The domain has a least TLS version of its own, 1.0 by
/// default. Source: `r2_custom_domain` of the provider.
fn describe_bucket<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(on) = block.unless_off(ENABLED) else { return };
    let facts = NodeFacts {
        kind: NodeKind::Store,
        operator: Operator::Cloudflare,
        party: "the R2 bucket",
        why: "is answered at Cloudflare's edge, which ends the visitor's TLS",
    };
    let floor = edge::own_floor(block, MIN_TLS).unwrap_or_else(|| {
        let meaning = format!("visitors may use {}", TlsVersion::V1_0);
        TlsFloor::known(TlsVersion::V1_0, block.defaulted(MIN_TLS, "1.0", meaning))
    });
    serve(draft, block, facts, "R2 custom domain", BUCKET_NAME, Some(floor), on.as_ref());
}

/// Whether a Pages domain answers for the zone's name: its record is how the domain is found, and no way to an origin.
pub(super) fn serves(world: &World<'_>, zone: &Zone) -> bool {
    let named = |id: &ResourceId| {
        world.block(*id).text(PAGES_NAME).is_some_and(|name| Some(name.map(normal_host)) == zone.host)
    };
    let certain = |id: &ResourceId| world.resource(*id).exists.when().is_none();
    zone.host.is_some() && world.of_types(PAGES_DOMAIN).iter().any(|id| certain(id) && named(id))
}

fn serve<'a>(
    draft: &mut Draft<'a>,
    block: &Block<'a>,
    facts: NodeFacts,
    what: &str,
    name: Field,
    floor: Option<TlsFloor>,
    on: Option<&When>,
) {
    let node = draft.node(block, facts);
    draft.at_the_edge(node);
    let meaning = "Cloudflare ends the visitor's TLS here";
    let evidence = Evidence::new(what, meaning, block.place());
    draft.companion(node, Companion::front("Cloudflare's edge", evidence.clone()));
    let zone = Zone::of(draft.world, block, block.text(name));
    let when = When::both(block.owner.exists.when(), on);
    if let Some(host) = &zone.host {
        let to = Destination::resource(block.id);
        draft.host(host, Lead::to(to, when.clone()));
    }
    let front = Front { node, zone, exposure: Exposure::Internet, when, evidence: vec![evidence], floor };
    let modes = edge::modes(draft.world, &front.zone);
    edge::open(draft, &front, &modes);
}
