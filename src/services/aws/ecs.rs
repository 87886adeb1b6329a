//! ECS: the service is the node, not its task definition.

use super::autoscaling::register;
use super::ec2;
use crate::services::Service;
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] = &[Service { types: SERVICE, describe: describe_service }];

const SERVICE: Types = Types { terraform: &["aws_ecs_service"], cloudformation: &["AWS::ECS::Service"] };

const LOAD_BALANCERS: Field = field("load_balancer", "LoadBalancers");
const TARGET_GROUP_ARN: Field = field("target_group_arn", "TargetGroupArn");
const CLASSIC_NAME: Field = field("elb_name", "LoadBalancerName");
const ADVANCED: Field = field("advanced_configuration", "AdvancedConfiguration");
const ALTERNATE_TARGET_GROUP: Field = field("alternate_target_group_arn", "AlternateTargetGroupArn");

/// ECS registers the tasks itself: the target group's port is ignored.
fn describe_service<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    ec2::server(draft, block, "the containers");
    for balancer in block.blocks(LOAD_BALANCERS) {
        register(draft, &balancer, TARGET_GROUP_ARN, block.id, None);
        register(draft, &balancer, CLASSIC_NAME, block.id, None);
        for advanced in balancer.blocks(ADVANCED) {
            register(draft, &advanced, ALTERNATE_TARGET_GROUP, block.id, None);
        }
    }
}
