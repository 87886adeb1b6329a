//! Cloud Map: a discovery service collects the tasks that register with it, as a target group does.

use crate::services::Service;
use crate::services::draft::{Destination, Draft, Lead};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::Types;
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[
    Service { types: REGISTRY, describe: describe_registry },
    Service { types: ECS_SERVICE, describe: describe_registrations },
];

const REGISTRY: Types =
    Types { terraform: &["aws_service_discovery_service"], cloudformation: &["AWS::ServiceDiscovery::Service"] };
const ECS_SERVICE: Types = Types { terraform: &["aws_ecs_service"], cloudformation: &["AWS::ECS::Service"] };

const REGISTRIES: Field = field("service_registries", "ServiceRegistries");
const REGISTRY_ARN: Field = field("registry_arn", "RegistryArn");
const PORT: Field = field("port|container_port", "Port|ContainerPort");

fn describe_registry<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.pool(block.id, "instances");
}

fn describe_registrations<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for registry in block.blocks(REGISTRIES) {
        let port = registry.get(PORT).and_then(Value::as_integer);
        for link in registry.links(draft.world, REGISTRY_ARN) {
            if let Link::Resource { id, .. } = link.value {
                let to = Destination::resource(block.id).at_port(port);
                let when = When::both(block.owner.exists.when(), link.when.as_ref());
                draft.lead(id, Lead { to, via: Vec::new(), when, evidence: Vec::new() });
            }
        }
    }
}
