//! ECS: the service is the node, not its task definition; task sets register in its name.

mod calls;
mod express;
mod namespace;
mod service_connect;
mod task;

pub(super) use task::{EXECUTION_ROLE, TASK, TASK_DEFINITION, TASK_ROLE, texts, variables};

use super::autoscaling::{TargetPort, register};
use super::handed_keys::describe_handed;
use super::{ec2, network};
use crate::model::NodeId;
use crate::services::Service;
use crate::services::draft::{Draft, Opening};
use crate::services::read::{Alternative, Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::Value;
use std::sync::Arc;

pub(super) static SERVICES: &[Service] = &[
    Service { types: SERVICE, describe: describe_service },
    Service { types: TASK_SET, describe: describe_task_set },
    Service { types: express::EXPRESS, describe: express::describe },
    Service { types: SERVICE, describe: service_connect::offer },
    Service { types: SERVICE, describe: calls::describe },
];

pub(super) const SERVICE: Types = Types { terraform: &["aws_ecs_service"], cloudformation: &["AWS::ECS::Service"] };
pub(super) const TASK_SET: Types = Types { terraform: &["aws_ecs_task_set"], cloudformation: &["AWS::ECS::TaskSet"] };

const LOAD_BALANCERS: Field = field("load_balancer", "LoadBalancers");
const TARGET_GROUP_ARN: Field = field("target_group_arn", "TargetGroupArn");
const CONTAINER_PORT: Field = field("container_port", "ContainerPort");
const CLASSIC_NAME: Field = field("elb_name|load_balancer_name", "LoadBalancerName");
const ADVANCED: Field = field("advanced_configuration", "AdvancedConfiguration");
const ALTERNATE_TARGET_GROUP: Field = field("alternate_target_group_arn", "AlternateTargetGroupArn");
const SERVICE_OF: Field = field("service", "Service");

const NETWORK: Field = field("network_configuration", "NetworkConfiguration");
const AWSVPC: Field = field("", "AwsvpcConfiguration|AwsVpcConfiguration");
const ASSIGN: Field = field("assign_public_ip", "AssignPublicIp");
pub(super) const GROUPS: Field = field("security_groups", "SecurityGroups");
const SUBNETS: Field = field("subnets", "Subnets");

fn describe_service<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = ec2::server(draft, block, "the containers");
    describe_tasks(draft, block, node, block.id, None);
}

/// A task set is a part of its service: an external deployment, or CodeDeploy, has several of them, each with a target
/// group. One whose service is not in this code stands for it.
fn describe_task_set<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    match service_of(draft.world, block).and_then(|service| Some((service, draft.home(service)?))) {
        Some((service, node)) => {
            describe_tasks(draft, block, node, service, Some(block.owner.address.shared()));
            if let Some(front) = draft.front(service) {
                draft.speak_from(block.id, front);
            }
        }
        None => {
            let node = ec2::server(draft, block, "the containers");
            describe_tasks(draft, block, node, block.id, None);
        }
    }
}

/// The service that a task set belongs to.
pub(super) fn service_of(world: &World<'_>, task_set: &Block<'_>) -> Option<ResourceId> {
    let links = task_set.links(world, SERVICE_OF);
    links.into_iter().find_map(|link| match link.value {
        Link::Resource { id, .. } if SERVICE.holds(&world.resource(id).type_name) => Some(id),
        Link::Text(name, _) => world.named(task_set.id, SERVICE, &["name", "ServiceName"], &name).first().copied(),
        _ => None,
    })
}

/// The interfaces that tasks have of their own.
pub(super) fn interfaces<'a>(runner: &Block<'a>) -> Vec<Block<'a>> {
    runner.known_along(&[NETWORK, AWSVPC])
}

/// ECS registers the tasks itself: the target group's port is ignored. Tasks with interfaces of their own are called on
/// the container's port; without them the host's port may be any.
fn describe_tasks<'a>(
    draft: &mut Draft<'a>,
    runner: &Block<'a>,
    node: NodeId,
    target: ResourceId,
    via: Option<Arc<str>>,
) {
    for definition in task::definitions(draft.world, runner) {
        describe_handed(draft, node, &definition, task::CONTAINERS);
    }
    let interfaces = interfaces(runner);
    for interface in &interfaces {
        let addresses = network::by_switch(draft.world, (interface, ASSIGN), (interface, SUBNETS), false);
        let openings = network::reachable(&addresses, || network::group_openings(draft.world, interface, GROUPS));
        draft.expose(node, openings);
    }
    if let Some(doubt) = runner.unknown_along(&[NETWORK, AWSVPC]) {
        draft.expose(node, vec![Opening::doubtful(None, doubt)]);
    }
    if let Some(doubt) = runner.unknown_along(&[LOAD_BALANCERS]) {
        let link = Alternative::always(Link::Unknown(doubt));
        draft.register_elsewhere(target, &link, runner, "a target group");
    }
    for balancer in runner.known_blocks(LOAD_BALANCERS) {
        let port = match balancer.get(CONTAINER_PORT).and_then(Value::as_integer) {
            Some(port) if !interfaces.is_empty() => TargetPort::Own(port),
            _ => TargetPort::Unknown,
        };
        register(draft, &balancer, TARGET_GROUP_ARN, target, via.clone(), port);
        register(draft, &balancer, CLASSIC_NAME, target, via.clone(), TargetPort::Unknown);
        for advanced in balancer.known_blocks(ADVANCED) {
            register(draft, &advanced, ALTERNATE_TARGET_GROUP, target, via.clone(), port);
        }
    }
}
