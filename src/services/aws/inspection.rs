//! Devices on the network that may open what is routed through them: firewalls that decrypt, appliances behind a Gateway Load
//! Balancer. Only route tables tell what passes them, so that everything that may stand in their VPC is doubted.

use super::network::{subnets_of, vpcs_of};
use super::network_firewall;
use crate::model::{CompanionKind, Doubt, NodeId, NodeKind, Operator};
use crate::resource::Mode;
use crate::services::draft::{Draft, Exposure};
use crate::services::read::{Block, Field, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use std::collections::BTreeSet;

const ENDPOINT: Types = Types { terraform: &["aws_vpc_endpoint"], cloudformation: &["AWS::EC2::VPCEndpoint"] };

/// What carries traffic from one VPC to a device in another.
const BETWEEN_VPCS: Types = Types {
    terraform: &[
        "aws_ec2_transit_gateway",
        "aws_ec2_transit_gateway_vpc_attachment",
        "aws_networkfirewall_vpc_endpoint_association",
    ],
    cloudformation: &[
        "AWS::EC2::TransitGateway",
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::TransitGatewayVpcAttachment",
        "AWS::NetworkFirewall::VpcEndpointAssociation",
    ],
};

const KIND: Field = field("vpc_endpoint_type", "VpcEndpointType");
const TO_APPLIANCES: &str = "GatewayLoadBalancer";

/// A device, the VPCs of this code in which it stands (none: not known), and what is doubted because of it.
pub(super) struct Suspect {
    pub id: ResourceId,
    pub vpcs: Vec<ResourceId>,
    pub doubt: Doubt,
}

/// A node that the internet calls, with the subnets that it names.
pub(super) struct Called {
    pub node: NodeId,
    pub subnets: Vec<ResourceId>,
}

/// A node that may stand in a VPC.
struct Placed {
    id: ResourceId,
    node: NodeId,
    vpcs: Vec<ResourceId>,
}

/// Runs once, after all nodes and ways in are described.
pub(super) fn describe(draft: &mut Draft<'_>) {
    let world = draft.world;
    let called = if network_firewall::is_used(world) { called_from_outside(draft) } else { Vec::new() };
    let mut suspects = network_firewall::suspects(draft, &called);
    suspects.extend(appliances(world));
    if suspects.is_empty() {
        return;
    }
    let far: BTreeSet<&str> = world.of_types(BETWEEN_VPCS).into_iter().map(|id| &*world.stack_of(id).id).collect();
    for placed in placed(draft) {
        let may_pass = |suspect: &&Suspect| {
            let stack = &*world.stack_of(suspect.id).id;
            let known = !suspect.vpcs.is_empty() && !placed.vpcs.is_empty() && !far.contains(stack);
            match known {
                true => placed.vpcs.iter().any(|vpc| suspect.vpcs.contains(vpc)),
                false => &*world.stack_of(placed.id).id == stack,
            }
        };
        // One doubt a node is enough: where one device may be on its ways nothing is proven, however many there are.
        if let Some(suspect) = suspects.iter().find(may_pass) {
            draft.unread(placed.node, suspect.doubt.clone());
        }
    }
}

/// Whether an endpoint sends packets to appliances and is no way to a service.
pub(super) fn is_to_appliances(endpoint: &Block<'_>) -> bool {
    endpoint.text(KIND).as_deref() == Some(TO_APPLIANCES)
}

/// "GENEVE" carries whole packets: the appliance reads what is in the clear. Whether it opens TLS is set up inside it. Source:
/// "What is a Gateway Load Balancer?".
fn appliances(world: &World<'_>) -> Vec<Suspect> {
    let endpoints = world.of_types(ENDPOINT).into_iter().map(|id| world.block(id));
    let may_lead_there = |block: &Block<'_>| {
        let mut kinds = block.setting(KIND).into_iter();
        kinds.any(|kind| match kind.value {
            Setting::Text(text, _) => text == TO_APPLIANCES,
            Setting::Unknown(_) => true,
            Setting::Absent => false,
        })
    };
    let managed = endpoints.filter(|block| block.owner.mode == Mode::Managed && may_lead_there(block));
    let suspect = |block: Block<'_>| {
        let address = &block.owner.address;
        let message = format!(
            "{address} leads to appliances that may open TLS, and the code does not show which traffic is routed there"
        );
        let settle = "take the endpoint out of the routes of this path, or out of the VPC";
        let doubt = Doubt::new(address.as_str(), message, settle, Some(block.owner.header));
        Suspect { id: block.id, vpcs: vpcs_of(world, block.id), doubt }
    };
    managed.map(suspect).collect()
}

fn called_from_outside(draft: &Draft<'_>) -> Vec<Called> {
    let public = draft.entries.iter().filter(|entry| matches!(entry.exposure, Exposure::Internet));
    let listening = public.map(|entry| draft.model.listener(entry.listener).node);
    let called: BTreeSet<NodeId> = listening.chain(draft.exposed.keys().copied()).collect();
    let homes = draft.homes.iter().filter(|(_, node)| called.contains(*node));
    homes.map(|(id, node)| Called { node: *node, subnets: subnets_of(draft.world, *id) }).collect()
}

/// Nodes of AWS and of the customer that may stand in a VPC: servers, and what an argument places in one. Where a firewall is
/// known to read at the node, nothing more is to be doubted there.
fn placed(draft: &Draft<'_>) -> Vec<Placed> {
    let mut found = Vec::new();
    for (id, node_id) in &draft.homes {
        let node = draft.model.node(*node_id);
        let read = node.companions.iter().any(|companion| companion.kind == CompanionKind::Inspector);
        let ours = matches!(node.operator, Operator::Aws | Operator::Customer);
        if ours && !read && (node.kind == NodeKind::Server || names_a_network(draft.world, *id)) {
            found.push(Placed { id: *id, node: *node_id, vpcs: vpcs_of(draft.world, *id) });
        }
    }
    found
}

/// Whether an argument of the resource places it in a VPC: its subnets, groups or interfaces.
fn names_a_network(world: &World<'_>, id: ResourceId) -> bool {
    let placing = |name: &str| {
        let name = name.to_ascii_lowercase().replace('_', "");
        ["subnet", "vpc", "securitygroup", "network"].iter().any(|word| name.contains(word))
    };
    let arguments = world.resource(id).body.as_object().into_iter().flatten();
    arguments.filter(|(name, _)| placing(name)).any(|(_, value)| {
        let empty = value.is_null() || value.as_list().is_some_and(<[_]>::is_empty);
        !empty
    })
}
