//! Traffic mirrors: a copy of what a network interface carries goes to a target, which another account may own.
//!
//! The copy is one of packets: what is in the clear on the interface's hops can be read there, and TLS stays TLS.

use super::network::{self, INTERFACE, INTERFACE_OF};
use crate::model::{Companion, CompanionKind, Evidence, NodeId, NodeKind};
use crate::services::Service;
use crate::services::draft::{Draft, pointing};
use crate::services::read::{Alternative, Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) static SERVICES: &[Service] = &[Service { types: SESSION, describe }];

const SESSION: Types =
    Types { terraform: &["aws_ec2_traffic_mirror_session"], cloudformation: &["AWS::EC2::TrafficMirrorSession"] };
const TARGET: Types =
    Types { terraform: &["aws_ec2_traffic_mirror_target"], cloudformation: &["AWS::EC2::TrafficMirrorTarget"] };
const RULE: Types = Types {
    terraform: &["aws_ec2_traffic_mirror_filter_rule"],
    cloudformation: &["AWS::EC2::TrafficMirrorFilterRule"],
};

const FILTER_ID: Field = field("traffic_mirror_filter_id", "TrafficMirrorFilterId");
const TARGET_ID: Field = field("traffic_mirror_target_id", "TrafficMirrorTargetId");
const PACKET_LENGTH: Field = field("packet_length", "PacketLength");
const ACTION: Field = field("rule_action", "RuleAction");
const DIRECTION: Field = field("traffic_direction", "TrafficDirection");
const PROTOCOL: Field = field("protocol", "Protocol");
const RANGES: [Field; 2] =
    [field("source_cidr_block", "SourceCidrBlock"), field("destination_cidr_block", "DestinationCidrBlock")];
const PORTS: [Field; 2] =
    [field("source_port_range", "SourcePortRange"), field("destination_port_range", "DestinationPortRange")];

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let whole = block.owner.exists.when().is_none() && !block.has(PACKET_LENGTH) && copies_all(draft.world, block);
    let party = "whoever receives the traffic mirror";
    for source in block.links(draft.world, INTERFACE_OF) {
        let meaning = "a copy of what this network interface carries goes to the mirror's target";
        let mut evidence = Evidence::new("traffic mirror session", meaning, block.owner.header);
        if let Some(value) = block.get(INTERFACE_OF) {
            evidence = evidence.along(value);
        }
        let address = Some(target(draft.world, block));
        let known = nodes(draft, &source.value);
        let certain = whole && source.when.is_none() && !known.is_empty();
        let tapped = if known.is_empty() { perhaps(draft, block.id) } else { known };
        for node in tapped {
            let tap = Companion::tap(party, evidence.clone(), certain);
            draft.companion(node, Companion { address: address.clone(), ..tap });
        }
    }
}

/// The target as `may-read` names it; the session where the target is not in this code.
fn target(world: &World<'_>, session: &Block<'_>) -> Arc<str> {
    let declared = session.links(world, TARGET_ID).into_iter().find_map(|link| match link.value {
        Link::Resource { id, .. } if TARGET.holds(&world.resource(id).type_name) => Some(world.address(id)),
        _ => None,
    });
    declared.unwrap_or_else(|| session.owner.address.shared())
}

/// "By default, no traffic is mirrored": a filter copies what its rules accept. Source: CreateTrafficMirrorFilter of the
/// EC2 API. Rules that are not in this code may accept more, so that a filter which accepts less is no proof of anything.
fn copies_all<'a>(world: &World<'a>, session: &Block<'a>) -> bool {
    let filters = session.links(world, FILTER_ID);
    let [Alternative { value: Link::Resource { id: filter, .. }, when: None }] = filters.as_slice() else {
        return false;
    };
    let rules = pointing(world, *filter, RULE, |rule| rule.links(world, FILTER_ID));
    let accepts = |rule: &Block<'_>| rule.text(ACTION).as_deref() == Some("accept");
    let all_of = |direction: &str| {
        let goes = |rule: &Block<'_>| rule.text(DIRECTION).as_deref() == Some(direction) && is_unrestricted(rule);
        rules.iter().any(|(rule, when)| when.is_none() && goes(rule))
    };
    rules.iter().all(|(rule, _)| accepts(rule)) && all_of("ingress") && all_of("egress")
}

/// Protocol 6 is TCP, which carries all that is looked at here.
fn is_unrestricted(rule: &Block<'_>) -> bool {
    let everything = |field: &Field| rule.text(*field).as_deref() == Some("0.0.0.0/0");
    let protocol = rule.get(PROTOCOL).is_none_or(|protocol| protocol.as_integer() == Some(6));
    protocol && RANGES.iter().all(everything) && PORTS.iter().all(|field| rule.children(*field).is_empty())
}

/// The nodes that have the network interface; none where the code does not show it.
fn nodes<'a>(draft: &Draft<'a>, source: &Link<'a>) -> Vec<NodeId> {
    let Link::Resource { id, .. } = source else { return Vec::new() };
    if !INTERFACE.holds(&draft.world.resource(*id).type_name) {
        return draft.home(*id).into_iter().collect();
    }
    let owners: BTreeSet<ResourceId> = network::owners(draft.world, *id).into_iter().map(|(owner, _)| owner).collect();
    owners.into_iter().filter_map(|owner| draft.home(owner)).collect()
}

/// An interface that the code does not show may be that of any server beside the session. One such mirror a node is enough:
/// more of them would say nothing more.
fn perhaps(draft: &Draft<'_>, session: ResourceId) -> Vec<NodeId> {
    let stack = &draft.world.stack_of(session).id;
    let may_have_it = |id: &NodeId| {
        let node = draft.model.node(*id);
        let tapped = || node.companions.iter().any(|companion| companion.kind == CompanionKind::Tap);
        node.kind == NodeKind::Server && node.stack.as_ref() == Some(stack) && !tapped()
    };
    draft.model.node_ids().filter(may_have_it).collect()
}
