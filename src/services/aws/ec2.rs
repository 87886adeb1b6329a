//! EC2 instances. An instance is an end; what it serves is the application's matter and the code does not show it.

use super::block_storage::describe_devices;
use super::private_keys::describe_handed;
use super::{autoscaling, network, server_config};
use crate::model::{Accepts, Doubt, Face, NodeId, NodeKind, Operator};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, NodeFacts, Opening};
use crate::services::read::{Block, Field, field};
use crate::services::world::{Types, World};

pub(super) static SERVICES: &[Service] =
    &[Service { types: INSTANCE, describe: describe_instance }, Service { types: ADDRESS, describe: describe_address }];

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
    if interfaces.is_empty() && unread.is_none() {
        let mut addresses = network::by_switch(world, (block, ASSOCIATE), (block, SUBNET), true);
        addresses.extend(elastic);
        return network::reachable(&addresses, || network::group_openings(world, block, GROUPS));
    }
    let mut found: Vec<_> = unread.into_iter().map(|doubt| Opening::doubtful(None, doubt)).collect();
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

/// An elastic address leads to the instance that has it.
fn describe_address<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, OWNER) {
        let to = Destination::of_link(draft.world, block.id, &link.value);
        draft.stand_for(block.id, to);
    }
}
