//! EC2 instances. An instance is an end; what it serves is the application's matter and the code does not show it.

use super::block_storage::{describe_attached, describe_devices};
use super::handed_keys::describe_handed;
use super::network::INTERFACE_OF;
use super::{autoscaling, network, server_config};
use crate::model::{Accepts, Doubt, Face, NodeId, NodeKind, Operator};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, NodeFacts, Opening};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{Types, World};

pub(super) static SERVICES: &[Service] = &[
    Service { types: INSTANCE, describe: describe_instance },
    Service { types: ADDRESS, describe: describe_address },
    Service { types: network::INTERFACE, describe: describe_interface },
];

pub(super) const INSTANCE: Types =
    Types { terraform: &["aws_instance", "aws_spot_instance_request"], cloudformation: &["AWS::EC2::Instance"] };
pub(super) const ADDRESS: Types = Types {
    terraform: &["aws_eip", "aws_eip_association"],
    cloudformation: &["AWS::EC2::EIP", "AWS::EC2::EIPAssociation"],
};

pub(super) const USER_DATA: Field = field("user_data|user_data_base64", "UserData");
pub(super) const OWNER: Field = field("instance|instance_id", "InstanceId");
pub(super) const GROUPS: Field = field("vpc_security_group_ids|security_groups", "SecurityGroupIds|SecurityGroups");
pub(super) const PROFILE: Field = field("iam_instance_profile", "IamInstanceProfile");
const ALLOCATION: Field = field("allocation_id", "AllocationId|EIP");
const ASSOCIATE: Field = field("associate_public_ip_address", "AssociatePublicIpAddress");
const SUBNET: Field = field("subnet_id", "SubnetId");
const INTERFACES: Field = field("-", "NetworkInterfaces");
const INTERFACE_GROUPS: Field = field("-", "GroupSet");

fn describe_instance<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = server(draft, block, "the server");
    describe_devices(draft, node, block);
    describe_handed(draft, node, block, USER_DATA);
    server_config::describe(draft, node, &texts(draft.world, block));
    let by_template = is_in_groups_of_a_template(draft.world, block);
    let elastic = network::elastic(draft.world, block);
    if !by_template {
        draft.expose(node, openings(draft.world, block));
    }
    let has_own_devices = !draft.model.node(node).stored.is_empty();
    for launch in autoscaling::launch_data(draft.world, block) {
        if !has_own_devices {
            describe_devices(draft, node, &launch);
        }
        if !block.has(USER_DATA) {
            describe_handed(draft, node, &launch, USER_DATA);
        }
        if by_template {
            draft.expose(node, autoscaling::openings(draft.world, (block, SUBNET), &elastic, &launch));
        }
    }
    describe_attached(draft, node, block);
}

/// What the code tells an instance to run with: its user data or that of its launch template, and what provisioners put there.
pub(super) fn texts<'a>(world: &World<'a>, block: &Block<'a>) -> Vec<Block<'a>> {
    let under = |block: &Block<'a>| block.values(USER_DATA).into_iter().map(|(_, value)| value).collect::<Vec<_>>();
    let mut texts = under(block);
    if texts.is_empty() {
        texts.extend(autoscaling::launch_data(world, block).iter().flat_map(under));
    }
    texts.extend(block.owner.provisioned.iter().map(|text| block.of(text)));
    texts
}

/// What a launch template says of the groups goes for an instance that names none itself.
fn is_in_groups_of_a_template(world: &World<'_>, block: &Block<'_>) -> bool {
    !block.has(GROUPS) && !block.has(INTERFACES) && !autoscaling::launch_data(world, block).is_empty()
}

/// By the instance's own arguments, or by the interfaces that CloudFormation may list instead.
fn openings<'a>(world: &World<'a>, block: &Block<'a>) -> Vec<Opening> {
    let elastic = network::elastic(world, block);
    let interfaces = block.known_blocks(INTERFACES);
    let unread = block.unknown_along(&[INTERFACES]);
    let mut found = network::attached_openings(world, block);
    if interfaces.is_empty() && unread.is_none() {
        let groups = || network::interface_openings(world, block, GROUPS);
        let mut addresses = network::by_switch(world, (block, ASSOCIATE), (block, SUBNET), true);
        addresses.extend(elastic);
        found.extend(network::reachable(&addresses, groups));
        if addresses.is_empty() && !network::starts_with_its_own(world, block) {
            found.extend(network::perhaps_reachable((block, ASSOCIATE), (block, SUBNET), groups));
        }
        return found;
    }
    found.extend(unread.into_iter().map(|doubt| Opening::doubtful(None, doubt)));
    for interface in &interfaces {
        let mut addresses = network::by_switch(world, (interface, ASSOCIATE), (interface, SUBNET), true);
        addresses.extend(elastic.iter().cloned());
        let groups = || network::group_openings(world, interface, INTERFACE_GROUPS);
        found.extend(network::reachable(&addresses, groups));
    }
    found
}

/// A node that runs the application, with the one listener that stands for whatever it serves.
pub(super) fn server<'a>(draft: &mut Draft<'a>, block: &Block<'a>, party: &'static str) -> NodeId {
    let facts = NodeFacts { kind: NodeKind::Server, operator: Operator::Customer, party, why: "runs the application" };
    let node = draft.node(block, facts);
    let address = &block.owner.address;
    let doubt = Doubt::new(
        format!("what {address} serves"),
        format!("the code does not show whether {address} serves TLS"),
        format!("say so in e2e-lint.yaml: assume: [{{node: {address}, serves: tls, because: ...}}]"),
        Some(block.owner.header),
    );
    draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt))]);
    node
}

/// An elastic address leads to the instance that has it, or to one of its interfaces; so does one that an association gives.
fn describe_address<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let world = draft.world;
    let mut addresses = vec![block.id];
    for link in block.links(world, ALLOCATION) {
        if let Link::Resource { id, .. } = link.value {
            addresses.push(id);
        }
    }
    for link in [OWNER, INTERFACE_OF].into_iter().flat_map(|field| block.links(world, field)) {
        let to = Destination::of_link(world, block.id, &link.value);
        addresses.iter().for_each(|address| draft.stand_for_given(*address, to.clone(), link.when.as_ref()));
    }
}

fn describe_interface<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for (owner, when) in network::owners(draft.world, block.id) {
        draft.stand_for_given(block.id, Destination::resource(owner), when.as_ref());
    }
}
