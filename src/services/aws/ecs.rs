//! ECS: the service is the node, not its task definition.

use super::autoscaling::{TargetPort, register};
use super::private_keys::describe_handed;
use super::{ec2, network};
use crate::services::Service;
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::Types;
use crate::value::Value;

pub(super) static SERVICES: &[Service] = &[Service { types: SERVICE, describe: describe_service }];

pub(super) const SERVICE: Types = Types { terraform: &["aws_ecs_service"], cloudformation: &["AWS::ECS::Service"] };

pub(super) const TASK: Types =
    Types { terraform: &["aws_ecs_task_definition"], cloudformation: &["AWS::ECS::TaskDefinition"] };

pub(super) const TASK_DEFINITION: Field = field("task_definition", "TaskDefinition");
const CONTAINERS: Field = field("container_definitions", "ContainerDefinitions");
/// The role of the application in the containers.
pub(super) const TASK_ROLE: Field = field("task_role_arn", "TaskRoleArn");
/// The role of the agent that starts them and hands them their secrets.
pub(super) const EXECUTION_ROLE: Field = field("execution_role_arn", "ExecutionRoleArn");

const LOAD_BALANCERS: Field = field("load_balancer", "LoadBalancers");
const TARGET_GROUP_ARN: Field = field("target_group_arn", "TargetGroupArn");
const CONTAINER_PORT: Field = field("container_port", "ContainerPort");
const CLASSIC_NAME: Field = field("elb_name", "LoadBalancerName");
const ADVANCED: Field = field("advanced_configuration", "AdvancedConfiguration");
const ALTERNATE_TARGET_GROUP: Field = field("alternate_target_group_arn", "AlternateTargetGroupArn");

pub(super) const NETWORK: Field = field("network_configuration", "NetworkConfiguration");
pub(super) const AWSVPC: Field = field("", "AwsvpcConfiguration");
const ASSIGN: Field = field("assign_public_ip", "AssignPublicIp");
pub(super) const GROUPS: Field = field("security_groups", "SecurityGroups");
const SUBNETS: Field = field("subnets", "Subnets");

/// ECS registers the tasks itself: the target group's port is ignored. Tasks with interfaces of their own are called on
/// the container's port; without them the host's port may be any.
fn describe_service<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = ec2::server(draft, block, "the containers");
    for link in block.links(draft.world, TASK_DEFINITION) {
        if let Link::Resource { id, .. } = link.value
            && TASK.holds(&draft.world.resource(id).type_name)
        {
            describe_handed(draft, node, &draft.world.block(id).given(link.when.as_ref()), CONTAINERS);
        }
    }
    let networks = block.blocks(NETWORK);
    let interfaces: Vec<_> = networks.iter().flat_map(|network| network.blocks(AWSVPC)).collect();
    for interface in &interfaces {
        let addresses = network::by_switch(draft.world, (interface, ASSIGN), (interface, SUBNETS), false);
        let openings = network::reachable(&addresses, || network::group_openings(draft.world, interface, GROUPS));
        draft.expose(node, openings);
    }
    for balancer in block.blocks(LOAD_BALANCERS) {
        let port = match balancer.get(CONTAINER_PORT).and_then(Value::as_integer) {
            Some(port) if !interfaces.is_empty() => TargetPort::Own(port),
            _ => TargetPort::Unknown,
        };
        register(draft, &balancer, TARGET_GROUP_ARN, block.id, None, port);
        register(draft, &balancer, CLASSIC_NAME, block.id, None, TargetPort::Unknown);
        for advanced in balancer.blocks(ADVANCED) {
            register(draft, &advanced, ALTERNATE_TARGET_GROUP, block.id, None, port);
        }
    }
}
