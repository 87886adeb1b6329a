//! Auto Scaling groups: the group is the node for all instances it starts.

use super::block_storage::describe_devices;
use super::elbv2::port_of_target_group;
use super::private_keys::describe_handed;
use super::{ec2, elb_classic, network};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Lead, Opening};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::When;
use std::sync::Arc;

pub(super) static SERVICES: &[Service] =
    &[Service { types: GROUP, describe: describe_group }, Service { types: ATTACHMENT, describe: describe_attachment }];

pub(super) const GROUP: Types =
    Types { terraform: &["aws_autoscaling_group"], cloudformation: &["AWS::AutoScaling::AutoScalingGroup"] };
const ATTACHMENT: Types = Types {
    terraform: &["aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment"],
    cloudformation: &[],
};

pub(super) const LAUNCH: Types = Types {
    terraform: &["aws_launch_template", "aws_launch_configuration"],
    cloudformation: &["AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration"],
};

const TARGET_GROUPS: Field = field("target_group_arns", "TargetGroupARNs");
const CLASSIC_BALANCERS: Field = field("load_balancers", "LoadBalancerNames");
const TRAFFIC_SOURCES: Field = field("traffic_source", "TrafficSources");
const IDENTIFIER: Field = field("identifier", "Identifier");
const LAUNCH_TEMPLATE: Field = field("launch_template", "LaunchTemplate");
const LAUNCH_TEMPLATE_ID: Field = field("id|name", "LaunchTemplateId|LaunchTemplateName");
const LAUNCH_CONFIGURATION: Field = field("launch_configuration", "LaunchConfigurationName");
pub(super) const TEMPLATE_DATA: Field = field("", "LaunchTemplateData|");
pub(super) const INTERFACES: Field = field("network_interfaces", "NetworkInterfaces");
const ASSOCIATE: Field = field("associate_public_ip_address", "AssociatePublicIpAddress");
const SUBNETS: Field = field("vpc_zone_identifier", "VPCZoneIdentifier");
pub(super) const GROUPS: Field = field("vpc_security_group_ids|security_groups", "SecurityGroupIds|SecurityGroups");
pub(super) const INTERFACE_GROUPS: Field = field("security_groups", "Groups");
/// A name in launch configurations, a block in launch templates.
pub(super) const PROFILE: Field = field("iam_instance_profile", "IamInstanceProfile");
pub(super) const PROFILE_ID: Field = field("name|arn", "Name|Arn");
const GROUP_NAME: Field = field("autoscaling_group_name", "-");
const ATTACHED_GROUP: Field = field("lb_target_group_arn|alb_target_group_arn", "-");
const ATTACHED_CLASSIC: Field = field("elb", "-");

fn describe_group<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = ec2::server(draft, block, "the servers");
    for field in [TARGET_GROUPS, CLASSIC_BALANCERS] {
        register(draft, block, field, block.id, None, TargetPort::OfGroup);
    }
    for source in block.blocks(TRAFFIC_SOURCES) {
        register(draft, &source, IDENTIFIER, block.id, None, TargetPort::OfGroup);
    }
    for data in launch_data(draft.world, block) {
        describe_devices(draft, node, &data);
        describe_handed(draft, node, &data, ec2::USER_DATA);
        draft.expose(node, openings(draft.world, block, &data));
    }
}

/// What the group's launch templates and launch configurations say of the instances.
pub(super) fn launch_data<'a>(world: &World<'a>, group: &Block<'a>) -> Vec<Block<'a>> {
    let templates = group.blocks(LAUNCH_TEMPLATE);
    let templates = templates.iter().flat_map(|template| template.links(world, LAUNCH_TEMPLATE_ID));
    let launches: Vec<_> = templates.chain(group.links(world, LAUNCH_CONFIGURATION)).collect();
    let mut found = Vec::new();
    for launch in launches {
        if let Link::Resource { id, .. } = launch.value {
            found.extend(world.block(id).blocks(TEMPLATE_DATA));
        }
    }
    found
}

/// The launch data says which groups the servers are in, and whether they get public addresses; the group places them.
fn openings<'a>(world: &World<'a>, group: &Block<'a>, launch: &Block<'a>) -> Vec<Opening> {
    let interfaces = launch.blocks(INTERFACES);
    if interfaces.is_empty() {
        let addresses = network::by_switch(world, (launch, ASSOCIATE), (group, SUBNETS), true);
        return network::reachable(&addresses, || network::group_openings(world, launch, GROUPS));
    }
    let mut found = Vec::new();
    for interface in &interfaces {
        let addresses = network::by_switch(world, (interface, ASSOCIATE), (group, SUBNETS), true);
        let (block, groups) =
            if interface.has(INTERFACE_GROUPS) { (interface, INTERFACE_GROUPS) } else { (launch, GROUPS) };
        let groups = || network::group_openings(world, block, groups);
        found.extend(network::reachable(&addresses, groups));
    }
    found
}

fn describe_attachment<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, GROUP_NAME) {
        let groups = match link.value {
            Link::Resource { id, .. } => vec![id],
            Link::Text(name, _) => draft.world.named(block.id, GROUP, &["name"], &name),
            _ => Vec::new(),
        };
        for group in groups {
            let via = Some(block.owner.address.shared());
            register(draft, block, ATTACHED_GROUP, group, via.clone(), TargetPort::OfGroup);
            register(draft, block, ATTACHED_CLASSIC, group, via.clone(), TargetPort::OfGroup);
            for source in block.blocks(TRAFFIC_SOURCES) {
                register(draft, &source, IDENTIFIER, group, via.clone(), TargetPort::OfGroup);
            }
        }
    }
}

/// On which port a registered target is called.
#[derive(Clone, Copy)]
pub(super) enum TargetPort {
    /// The port of the target group; a classic balancer's listeners name their own.
    OfGroup,
    /// The target's own port, whatever the group says.
    Own(i64),
    Unknown,
}

/// Registers `target` with every target group or classic balancer that the field names.
pub(super) fn register<'a>(
    draft: &mut Draft<'a>,
    block: &Block<'a>,
    field: Field,
    target: ResourceId,
    via: Option<Arc<str>>,
    port: TargetPort,
) {
    for link in block.links(draft.world, field) {
        let pools = elb_classic::named_by(draft.world, block.id, &link.value);
        for pool in pools {
            let when = When::both(block.owner.exists.when(), link.when.as_ref());
            let port = match port {
                TargetPort::OfGroup => port_of_target_group(&draft.world.block(pool)),
                TargetPort::Own(port) => Some(port),
                TargetPort::Unknown => None,
            };
            let to = Destination::resource(target).at_port(port);
            draft.lead(pool, Lead { to, via: via.iter().cloned().collect(), when, evidence: Vec::new() });
        }
    }
}
