//! Cloud Map: a discovery service collects the tasks that register with it, as a target group does. In a namespace with DNS
//! it is called by its name.

use super::ecs;
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Lead, View};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::Types;
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[
    Service { types: REGISTRY, describe: describe_registry },
    Service { types: ECS_SERVICE, describe: describe_registrations },
];

pub(super) const REGISTRY: Types =
    Types { terraform: &["aws_service_discovery_service"], cloudformation: &["AWS::ServiceDiscovery::Service"] };
const PRIVATE_NAMESPACE: Types = Types {
    terraform: &["aws_service_discovery_private_dns_namespace"],
    cloudformation: &["AWS::ServiceDiscovery::PrivateDnsNamespace"],
};
const DNS_NAMESPACE: Types = Types {
    terraform: &["aws_service_discovery_private_dns_namespace", "aws_service_discovery_public_dns_namespace"],
    cloudformation: &["AWS::ServiceDiscovery::PrivateDnsNamespace", "AWS::ServiceDiscovery::PublicDnsNamespace"],
};
/// Services of ECS, and their task sets, which register in their name.
const ECS_SERVICE: Types = Types {
    terraform: &["aws_ecs_service", "aws_ecs_task_set"],
    cloudformation: &["AWS::ECS::Service", "AWS::ECS::TaskSet"],
};

const NAME: Field = field("name", "Name");
const DNS: Field = field("dns_config", "DnsConfig");
const NAMESPACE: Field = field("namespace_id", "NamespaceId");

const REGISTRIES: Field = field("service_registries", "ServiceRegistries");
const REGISTRY_ARN: Field = field("registry_arn", "RegistryArn");
const PORT: Field = field("port|container_port", "Port|ContainerPort");

fn describe_registry<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.pool(block.id, "instances");
    let Some(name) = block.text(NAME) else { return };
    let inside = block.known_blocks(DNS).into_iter().flat_map(|dns| dns.links(draft.world, NAMESPACE));
    let namespaces: Vec<_> = inside.chain(block.links(draft.world, NAMESPACE)).collect();
    for link in namespaces {
        let Link::Resource { id, .. } = link.value else { continue };
        let namespace = draft.world.block(id);
        let zone = namespace.text(NAME).filter(|_| DNS_NAMESPACE.holds(&namespace.owner.type_name));
        if let Some(zone) = zone {
            let when = When::both(block.owner.exists.when(), link.when.as_ref());
            let to = Destination::resource(block.id);
            let view = if is_private(&namespace) { View::Private } else { View::Public };
            draft.host_in(view, &name.with(".", &zone), Lead::to(to, when));
        }
    }
}

/// A namespace of this kind is a private zone.
fn is_private(namespace: &Block<'_>) -> bool {
    PRIVATE_NAMESPACE.holds(&namespace.owner.type_name)
}

fn describe_registrations<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for registry in block.known_blocks(REGISTRIES) {
        let port = registry.get(PORT).and_then(Value::as_integer);
        for link in registry.links(draft.world, REGISTRY_ARN) {
            if let Link::Resource { id, .. } = link.value {
                let runner = ecs::service_of(draft.world, block).unwrap_or(block.id);
                let to = Destination::resource(runner).at_port(port);
                let when = When::both(block.owner.exists.when(), link.when.as_ref());
                draft.lead(id, Lead::to(to, when));
            }
        }
    }
}
