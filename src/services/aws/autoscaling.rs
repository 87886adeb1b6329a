//! Auto Scaling groups: the group is the node for all instances it starts.

use super::block_storage::describe_devices;
use super::elbv2::{self, port_of_target_group};
use super::handed_keys::describe_handed;
use super::network::{self, Address};
use super::{ec2, elb_classic, lattice, server_config};
use crate::model::StoredData;
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Lead, Opening};
use crate::services::read::{Alternative, Block, Field, Link, field};
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

const TEMPLATE: Types = Types { terraform: &["aws_launch_template"], cloudformation: &["AWS::EC2::LaunchTemplate"] };
const CONFIGURATION: Types =
    Types { terraform: &["aws_launch_configuration"], cloudformation: &["AWS::AutoScaling::LaunchConfiguration"] };
pub(super) const LAUNCH: Types = Types {
    terraform: &["aws_launch_template", "aws_launch_configuration"],
    cloudformation: &["AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration"],
};

const TARGET_GROUPS: Field = field("target_group_arns", "TargetGroupARNs");
const CLASSIC_BALANCERS: Field = field("load_balancers", "LoadBalancerNames");
const TRAFFIC_SOURCES: Field = field("traffic_source", "TrafficSources");
const IDENTIFIER: Field = field("identifier", "Identifier");
const LAUNCH_TEMPLATE: Field = field("launch_template", "LaunchTemplate");
const MIXED: Field = field("mixed_instances_policy", "MixedInstancesPolicy");
const SPECIFICATION: Field = field("launch_template_specification", "LaunchTemplateSpecification");
const OVERRIDES: Field = field("override", "Overrides");
const LAUNCH_TEMPLATE_ID: Field =
    field("id|name|launch_template_id|launch_template_name", "LaunchTemplateId|LaunchTemplateName");
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
    for doubt in TEMPLATES.iter().filter_map(|path| block.unknown_along(path)) {
        draft.expose(node, vec![Opening::doubtful(None, doubt.clone())]);
        draft.store(node, StoredData::unknown("a volume", None, doubt, block.place()));
    }
    for field in [TARGET_GROUPS, CLASSIC_BALANCERS] {
        register(draft, block, field, block.id, None, TargetPort::OfGroup);
    }
    for source in block.known_blocks(TRAFFIC_SOURCES) {
        register(draft, &source, IDENTIFIER, block.id, None, TargetPort::OfGroup);
    }
    for data in launch_data(draft.world, block) {
        describe_devices(draft, node, &data);
        describe_handed(draft, node, &data, ec2::USER_DATA);
        let texts: Vec<_> = data.values(ec2::USER_DATA).into_iter().map(|(_, text)| text).collect();
        server_config::describe(draft, node, &texts);
        draft.expose(node, openings(draft.world, (block, SUBNETS), &[], &data));
    }
}

/// What the launch templates and launch configurations of a group, or of an instance, say of what they start. The code says
/// what the newest version of a template holds; which version is named makes no difference to that.
pub(super) fn launch_data<'a>(world: &World<'a>, holder: &Block<'a>) -> Vec<Block<'a>> {
    let mut launches: Vec<(ResourceId, Option<When>)> = Vec::new();
    for template in TEMPLATES.iter().flat_map(|path| holder.known_along(path)) {
        for link in template.links(world, LAUNCH_TEMPLATE_ID) {
            launches.extend(named(world, holder.id, link, TEMPLATE, &["name", "LaunchTemplateName"]));
        }
    }
    for link in holder.links(world, LAUNCH_CONFIGURATION) {
        launches.extend(named(world, holder.id, link, CONFIGURATION, &["name", "LaunchConfigurationName"]));
    }
    let mut found = Vec::new();
    for (number, (id, when)) in launches.iter().enumerate() {
        if !launches[..number].contains(&(*id, when.clone())) {
            found.extend(world.block(*id).given(when.as_ref()).known_blocks(TEMPLATE_DATA));
        }
    }
    found
}

/// The one template, or those of a policy that mixes instances, in which an override may name another.
const TEMPLATES: [&[Field]; 3] =
    [&[LAUNCH_TEMPLATE], &[MIXED, LAUNCH_TEMPLATE, SPECIFICATION], &[MIXED, LAUNCH_TEMPLATE, OVERRIDES, SPECIFICATION]];

fn named(
    world: &World<'_>,
    from: ResourceId,
    link: Alternative<Link<'_>>,
    types: Types,
    names: &[&str],
) -> Vec<(ResourceId, Option<When>)> {
    let ids = match &link.value {
        Link::Resource { id, .. } => vec![*id],
        Link::Text(name, _) => world.named(from, types, names, name),
        _ => Vec::new(),
    };
    ids.into_iter().map(|id| (id, link.when.clone())).collect()
}

/// The launch data says which groups the servers are in, and whether they get public addresses; the group, or the instance,
/// places them, and may have a switch and `more` addresses of its own.
pub(super) fn openings<'a>(
    world: &World<'a>,
    (placed, subnets): (&Block<'a>, Field),
    more: &[Address],
    launch: &Block<'a>,
) -> Vec<Opening> {
    let interfaces = launch.known_blocks(INTERFACES);
    let addresses = |switch: &Block<'a>| {
        let switch = if placed.has(ASSOCIATE) { placed } else { switch };
        let mut addresses = network::by_switch(world, (switch, ASSOCIATE), (placed, subnets), true);
        addresses.extend_from_slice(more);
        addresses
    };
    let unread = launch.unknown_along(&[INTERFACES]);
    if interfaces.is_empty() && unread.is_none() {
        let groups = || network::group_openings(world, launch, GROUPS);
        let addresses = addresses(launch);
        if addresses.is_empty() {
            let switch = if placed.has(ASSOCIATE) { placed } else { launch };
            return network::perhaps_reachable((switch, ASSOCIATE), (placed, subnets), groups);
        }
        return network::reachable(&addresses, groups);
    }
    let mut found: Vec<_> = unread.into_iter().map(|doubt| Opening::doubtful(None, doubt)).collect();
    for interface in &interfaces {
        let (block, groups) =
            if interface.has(INTERFACE_GROUPS) { (interface, INTERFACE_GROUPS) } else { (launch, GROUPS) };
        let groups = || network::group_openings(world, block, groups);
        found.extend(network::reachable(&addresses(interface), groups));
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
            for source in block.known_blocks(TRAFFIC_SOURCES) {
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

/// Whether this code sets up the target group or classic balancer, so that it shows who sends to what is registered there.
fn is_declared_pool(world: &World<'_>, id: ResourceId) -> bool {
    [elbv2::TARGET_GROUP, elb_classic::BALANCER, lattice::TARGET_GROUP]
        .into_iter()
        .any(|types| world.declares(id, types))
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
        if pools.is_empty() || pools.iter().any(|pool| !is_declared_pool(draft.world, *pool)) {
            draft.register_elsewhere(target, &link, block, "a target group or load balancer");
        }
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
