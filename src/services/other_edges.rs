//! Edges and balancers of vendors whose settings e2e-lint does not read: known to stand in the way, and said to be
//! unknown.

use super::Service;
use super::draft::{Destination, Draft, Entry, Exposure, NodeFacts, PendingHop, Place};
use super::read::Block;
use super::world::Types;
use crate::model::{Accepts, Doubt, Face, Leg, NodeKind, Operator, Segment, Transport};

pub(super) static SERVICES: &[&[Service]] = &[&[
    Service { types: AKAMAI, describe: |draft, block| describe(draft, block, "Akamai") },
    Service { types: BUNNY, describe: |draft, block| describe(draft, block, "bunny.net") },
    Service { types: GOOGLE, describe: |draft, block| describe(draft, block, "the Google Cloud load balancer") },
    Service { types: AZURE, describe: |draft, block| describe(draft, block, "the Azure edge") },
]];

const AKAMAI: Types = Types { terraform: &["akamai_property"], cloudformation: &[] };
const BUNNY: Types = Types { terraform: &["bunnynet_pullzone", "bunny_pullzone"], cloudformation: &[] };
/// The forwarding rule is the address that clients call; URL maps, backend services and proxies stand behind it.
const GOOGLE: Types = Types {
    terraform: &["google_compute_global_forwarding_rule", "google_compute_forwarding_rule"],
    cloudformation: &[],
};
const AZURE: Types = Types {
    terraform: &[
        "azurerm_application_gateway",
        "azurerm_cdn_endpoint",
        "azurerm_cdn_frontdoor_endpoint",
        "azurerm_frontdoor",
        "azurerm_lb",
        "azurerm_traffic_manager_profile",
    ],
    cloudformation: &[],
};

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>, party: &'static str) {
    let address = &block.owner.address;
    let doubt = Doubt::new(
        format!("what {address} does"),
        format!("what a {} does with the message is not known to e2e-lint", block.owner.type_name),
        "assume in e2e-lint.yaml what stands there",
        Some(block.owner.header),
    );
    stand(draft, block, party, doubt);
}

/// Something that is known to stand in the way, and whose settings are not read.
pub(super) fn unread(party: &'static str) -> NodeFacts {
    let why = "stands in the way; e2e-lint does not read its settings";
    NodeFacts { kind: NodeKind::Proxy, operator: Operator::Unknown, party, why }
}

/// A node of which only its place is known, before something of which nothing is known.
pub(super) fn stand<'a>(draft: &mut Draft<'a>, block: &Block<'a>, party: &'static str, doubt: Doubt) {
    let node = draft.node(block, unread(party));
    let when = block.owner.exists.when().cloned();
    let from = draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt.clone()))]);
    let exposure = Exposure::Unknown(doubt.clone());
    draft.admit(Entry { listener: from, exposure, when: when.clone(), evidence: Vec::new() });
    let place = Place::Outside(format!("what stands behind {}", block.owner.address), Some(doubt.clone()));
    draft.send(PendingHop {
        from,
        to: Destination { place, port: None },
        legs: vec![Leg::new(Transport::Unknown(doubt), Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when,
        segment: Segment::Request,
        doubt: None,
    });
}
