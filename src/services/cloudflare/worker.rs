//! Workers on domains of their own: the Worker answers, and may call anything.

use super::edge::{self, Front};
use super::zone::Zone;
use crate::model::{Evidence, NodeKind, Operator};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Exposure, Lead, NodeFacts};
use crate::services::read::{Block, Field, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] = &[Service { types: CUSTOM_DOMAIN, describe }];

const CUSTOM_DOMAIN: Types =
    Types { terraform: &["cloudflare_workers_custom_domain", "cloudflare_workers_domain"], cloudformation: &[] };

const HOSTNAME: Field = field("hostname", "-");

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let facts = NodeFacts {
        kind: NodeKind::Function,
        operator: Operator::Cloudflare,
        party: "the Cloudflare Worker",
        why: "runs the application at Cloudflare's edge, which ends the visitor's TLS",
    };
    let node = draft.node(block, facts);
    let zone = Zone::of(draft.world, block, block.text(HOSTNAME));
    let when = block.owner.exists.when().cloned();
    if let Some(host) = &zone.host {
        let to = Destination::resource(block.id);
        draft.host(host, Lead { to, via: Vec::new(), when: when.clone(), evidence: Vec::new() });
    }
    let evidence =
        vec![Evidence::new("Workers custom domain", "Cloudflare ends the visitor's TLS here", block.place())];
    edge::open(draft, &Front { node, zone, exposure: Exposure::Internet, when, evidence });
}
