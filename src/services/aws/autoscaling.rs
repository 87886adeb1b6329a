//! Auto Scaling groups: the group is the node for all instances it starts.

use super::block_storage::describe_devices;
use super::{ec2, elb_classic};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Lead};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types};
use crate::value::When;
use std::sync::Arc;

pub(super) static SERVICES: &[Service] =
    &[Service { types: GROUP, describe: describe_group }, Service { types: ATTACHMENT, describe: describe_attachment }];

const GROUP: Types =
    Types { terraform: &["aws_autoscaling_group"], cloudformation: &["AWS::AutoScaling::AutoScalingGroup"] };
const ATTACHMENT: Types = Types {
    terraform: &["aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment"],
    cloudformation: &[],
};

const TARGET_GROUPS: Field = field("target_group_arns", "TargetGroupARNs");
const CLASSIC_BALANCERS: Field = field("load_balancers", "LoadBalancerNames");
const TRAFFIC_SOURCES: Field = field("traffic_source", "TrafficSources");
const IDENTIFIER: Field = field("identifier", "Identifier");
const LAUNCH_TEMPLATE: Field = field("launch_template", "LaunchTemplate");
const LAUNCH_TEMPLATE_ID: Field = field("id|name", "LaunchTemplateId|LaunchTemplateName");
const LAUNCH_CONFIGURATION: Field = field("launch_configuration", "LaunchConfigurationName");
const TEMPLATE_DATA: Field = field("", "LaunchTemplateData|");
const GROUP_NAME: Field = field("autoscaling_group_name", "-");
const ATTACHED_GROUP: Field = field("lb_target_group_arn|alb_target_group_arn", "-");
const ATTACHED_CLASSIC: Field = field("elb", "-");

fn describe_group<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = ec2::server(draft, block, "the servers");
    for field in [TARGET_GROUPS, CLASSIC_BALANCERS] {
        register(draft, block, field, block.id, None);
    }
    for source in block.blocks(TRAFFIC_SOURCES) {
        register(draft, &source, IDENTIFIER, block.id, None);
    }
    let templates = block.blocks(LAUNCH_TEMPLATE);
    let templates = templates.iter().flat_map(|template| template.links(draft.world, LAUNCH_TEMPLATE_ID));
    let launches: Vec<_> = templates.chain(block.links(draft.world, LAUNCH_CONFIGURATION)).collect();
    for launch in launches {
        if let Link::Resource { id, .. } = launch.value {
            for data in draft.world.block(id).blocks(TEMPLATE_DATA) {
                describe_devices(draft, node, &data);
                ec2::describe_keys_outside(draft, node, &data);
            }
        }
    }
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
            register(draft, block, ATTACHED_GROUP, group, via.clone());
            register(draft, block, ATTACHED_CLASSIC, group, via.clone());
            for source in block.blocks(TRAFFIC_SOURCES) {
                register(draft, &source, IDENTIFIER, group, via.clone());
            }
        }
    }
}

/// Registers `target` with every target group or classic balancer that the field names.
pub(super) fn register<'a>(
    draft: &mut Draft<'a>,
    block: &Block<'a>,
    field: Field,
    target: ResourceId,
    via: Option<Arc<str>>,
) {
    for link in block.links(draft.world, field) {
        let pools = elb_classic::named_by(draft.world, block.id, &link.value);
        for pool in pools {
            let when = When::both(block.owner.exists.when(), link.when.as_ref());
            let to = Destination::resource(target);
            draft.lead(pool, Lead { to, via: via.iter().cloned().collect(), when, evidence: Vec::new() });
        }
    }
}
