//! App Mesh: proxies beside the containers carry the calls between virtual nodes.
//!
//! The proxy is a part of the task: it and the application are one node. A virtual node is the ECS services whose proxy it
//! configures, what its service discovery leads to, or, where the code shows neither, a node itself.

mod gateway;
mod names;
mod route;
mod tls;

use super::{cloud_map, ec2, ecs};
use crate::model::ListenerId;
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Lead, Place};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types};
use crate::value::When;
use names::{Part, key, with_name};
use route::Sender;
use std::collections::BTreeSet;

pub(super) static SERVICES: &[Service] = &[
    Service { types: ecs::SERVICE, describe: bind },
    Service { types: NODE.types, describe: describe_node },
    Service { types: GATEWAY.types, describe: gateway::describe },
];

const NODE: Part = Part {
    types: Types { terraform: &["aws_appmesh_virtual_node"], cloudformation: &["AWS::AppMesh::VirtualNode"] },
    name: field("name", "VirtualNodeName"),
};
const GATEWAY: Part = Part {
    types: Types { terraform: &["aws_appmesh_virtual_gateway"], cloudformation: &["AWS::AppMesh::VirtualGateway"] },
    name: field("name", "VirtualGatewayName"),
};
const SERVICE: Part = Part {
    types: Types { terraform: &["aws_appmesh_virtual_service"], cloudformation: &["AWS::AppMesh::VirtualService"] },
    name: field("name", "VirtualServiceName"),
};
const ROUTER: Part = Part {
    types: Types { terraform: &["aws_appmesh_virtual_router"], cloudformation: &["AWS::AppMesh::VirtualRouter"] },
    name: field("name", "VirtualRouterName"),
};
const ROUTE: Types = Types { terraform: &["aws_appmesh_route"], cloudformation: &["AWS::AppMesh::Route"] };

const SPEC: Field = field("spec", "Spec");
const LISTENERS: Field = field("listener", "Listeners");
const BACKENDS: Field = field("backend", "Backends");
const BACKEND_SERVICE: Field = field("virtual_service", "VirtualService");
const BACKEND_DEFAULTS: Field = field("backend_defaults", "BackendDefaults");
const DISCOVERY: Field = field("service_discovery", "ServiceDiscovery");
const BY_DNS: Field = field("dns", "DNS");
const HOST_NAME: Field = field("hostname", "Hostname");
const BY_CLOUD_MAP: Field = field("aws_cloud_map", "AWSCloudMap");
const REGISTRY_NAME: Field = field("service_name", "ServiceName");

/// `APPMESH_RESOURCE_ARN`, or the older `APPMESH_VIRTUAL_NODE_NAME`, tells the proxy in a task what it is in the mesh:
/// `mesh/<mesh>/virtualNode/<node>`, or an ARN that ends so.
fn bind<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let mut bound = BTreeSet::new();
    for variable in ecs::variables(draft.world, block) {
        if variable.name.is_none_or(|name| !name.starts_with("APPMESH_")) {
            continue;
        }
        let referred = variable.value.references().into_iter();
        let mut parts: Vec<ResourceId> =
            referred.filter_map(|reference| draft.world.find(block.id, &reference.target)).collect();
        parts.retain(|id| [NODE, GATEWAY].iter().any(|part| part.types.holds(&draft.world.resource(*id).type_name)));
        let text = key(&variable.value).unwrap_or_default();
        for (before, part) in [("virtualNode/", NODE), ("virtualGateway/", GATEWAY)] {
            if let Some((_, name)) = text.rsplit_once(before) {
                parts.extend(with_name(draft.world, block.id, part, name));
            }
        }
        for id in parts.into_iter().filter(|id| bound.insert(*id)) {
            let when = When::both(block.owner.exists.when(), variable.when.as_ref());
            let to = Destination::resource(block.id);
            draft.lead(id, Lead::to(to, when));
        }
    }
}

fn describe_node<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let (backends, path) = (block.known_along(&[SPEC, BACKENDS]), [SPEC, BACKENDS, BACKEND_SERVICE]);
    let runners = runners(draft, block);
    let is_shown = !runners.is_empty() || (backends.is_empty() && discovered(draft, block).is_some());
    if !is_shown {
        ec2::server(draft, block, "the workload of the virtual node");
    }
    let defaults = block.known_along(&[SPEC, BACKEND_DEFAULTS]).into_iter().next();
    for (from, when) in speakers(draft, block, &runners) {
        if let Some(doubt) = block.unknown_along(&path).or_else(|| block.unknown_along(&[SPEC, BACKEND_DEFAULTS])) {
            draft.unread(draft.model.listener(from).node, doubt);
        }
        for service in backends.iter().flat_map(|backend| backend.known_blocks(BACKEND_SERVICE)) {
            let own = service.has(tls::CLIENT_POLICY).then_some(&service);
            let when = When::both(when.as_ref(), service.when.as_ref());
            let sender = Sender { from, policies: own.or(defaults.as_ref()), when: when.as_ref() };
            route::send(draft, &sender, &service, None);
        }
    }
}

/// The services that are a virtual node: those whose proxies it configures, else those that its service discovery finds.
fn runners(draft: &Draft<'_>, node: &Block<'_>) -> Vec<(ResourceId, Option<When>)> {
    let bound = services_behind(draft, node.id);
    if !bound.is_empty() {
        return bound;
    }
    let mut found = Vec::new();
    for (to, when) in discovered(draft, node).unwrap_or_default() {
        if let Place::Resource(id) = to.place
            && cloud_map::REGISTRY.holds(&draft.world.resource(id).type_name)
        {
            let services = services_behind(draft, id).into_iter();
            found.extend(services.map(|(service, own)| (service, When::both(when.as_ref(), own.as_ref()))));
        }
    }
    found
}

/// The resources that others lead on to.
fn services_behind(draft: &Draft<'_>, id: ResourceId) -> Vec<(ResourceId, Option<When>)> {
    let service = |lead: &Lead| match lead.to.place {
        Place::Resource(service) => Some((service, lead.when.clone())),
        _ => None,
    };
    draft.leads_of(id).iter().filter_map(service).collect()
}

/// From where a virtual node sends.
fn speakers(
    draft: &Draft<'_>,
    node: &Block<'_>,
    runners: &[(ResourceId, Option<When>)],
) -> Vec<(ListenerId, Option<When>)> {
    let exists = node.owner.exists.when();
    if let Some(own) = draft.front(node.id) {
        return vec![(own, exists.cloned())];
    }
    let speaker = |(service, when): &(ResourceId, Option<When>)| {
        Some((draft.front(*service)?, When::both(exists, when.as_ref())))
    };
    runners.iter().filter_map(speaker).collect()
}

fn listeners<'a>(part: &Block<'a>) -> Vec<Block<'a>> {
    part.known_along(&[SPEC, LISTENERS])
}

/// Where requests to a virtual node go: where its service discovery leads, else to the services whose proxies it configures,
/// else to itself.
fn destinations<'a>(draft: &Draft<'a>, node: &Block<'a>) -> Vec<(Destination, Option<When>)> {
    match discovered(draft, node) {
        Some(found) => found,
        None => vec![(Destination::resource(node.id), None)],
    }
}

/// What the code shows behind the service discovery of a virtual node.
fn discovered<'a>(draft: &Draft<'a>, node: &Block<'a>) -> Option<Vec<(Destination, Option<When>)>> {
    let mut found = Vec::new();
    for discovery in node.known_along(&[SPEC, DISCOVERY]) {
        for link in discovery.known_blocks(BY_DNS).iter().flat_map(|dns| dns.links(draft.world, HOST_NAME)) {
            let is_shown = match &link.value {
                Link::Resource { .. } => true,
                Link::Text(name, _) => draft.knows_host(name),
                _ => false,
            };
            if is_shown {
                found.push((Destination::of_link(draft.world, node.id, &link.value), link.when));
            }
        }
        for map in discovery.known_blocks(BY_CLOUD_MAP) {
            for link in map.links(draft.world, REGISTRY_NAME) {
                let registries = match &link.value {
                    Link::Resource { id, .. } => vec![*id],
                    Link::Text(name, _) => draft.world.named(node.id, cloud_map::REGISTRY, &["name", "Name"], name),
                    _ => Vec::new(),
                };
                let filled = registries.into_iter().filter(|id| !draft.leads_of(*id).is_empty());
                found.extend(filled.map(|id| (Destination::resource(id), link.when.clone())));
            }
        }
    }
    (!found.is_empty()).then_some(found)
}
