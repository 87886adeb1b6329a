//! Namespaces of Service Connect, and which services are in them.

use crate::model::Doubt;
use crate::services::read::{Alternative, Block, Field, Link, Setting, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::secret::Text;

const NAMESPACES: Types = Types {
    terraform: &[
        "aws_service_discovery_http_namespace",
        "aws_service_discovery_private_dns_namespace",
        "aws_service_discovery_public_dns_namespace",
    ],
    cloudformation: &[
        "AWS::ServiceDiscovery::HttpNamespace",
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
        "AWS::ServiceDiscovery::PublicDnsNamespace",
    ],
};
const CLUSTER: Types = Types { terraform: &["aws_ecs_cluster"], cloudformation: &["AWS::ECS::Cluster"] };

const CONFIGURATION: Field = field("service_connect_configuration", "ServiceConnectConfiguration");
const ENABLED: Field = field("enabled", "Enabled");
const NAMESPACE: Field = field("namespace", "Namespace");
const NAMESPACE_NAME: Field = field("name", "Name");
const CLUSTER_OF: Field = field("cluster", "Cluster");
const CLUSTER_DEFAULTS: Field = field("service_connect_defaults", "ServiceConnectDefaults");

/// A service's membership of a namespace.
pub(super) struct Membership<'a> {
    pub settings: Block<'a>,
    pub namespace: Text,
    /// The namespace's own name, where the code shows it.
    pub name: Option<Text>,
    /// Why it is not sure that the service is a member.
    pub doubt: Option<Doubt>,
}

pub(super) fn memberships<'a>(world: &World<'a>, service: &Block<'a>) -> Vec<Membership<'a>> {
    let mut found = Vec::new();
    for settings in service.known_blocks(CONFIGURATION) {
        for Alternative { when, value } in settings.setting(ENABLED) {
            let doubt = match value {
                Setting::Text(text, _) if text == "false" => continue,
                Setting::Unknown(doubt) => Some(doubt),
                Setting::Text(..) | Setting::Absent => None,
            };
            let (namespace, name) = namespace(world, &settings, service);
            found.push(Membership { settings: Block { when, ..settings.clone() }, namespace, name, doubt });
        }
    }
    found
}

/// What tells the namespace from others, and its name. Without one of its own a service is in the cluster's.
fn namespace<'a>(world: &World<'a>, settings: &Block<'a>, service: &Block<'a>) -> (Text, Option<Text>) {
    let cluster = service.links(world, CLUSTER_OF).into_iter().next().map(|link| link.value);
    let of_cluster = |id: ResourceId| world.block(id).known_block(CLUSTER_DEFAULTS);
    let written = settings.links(world, NAMESPACE).into_iter().next().or_else(|| match &cluster {
        Some(Link::Resource { id, .. }) if CLUSTER.holds(&world.resource(*id).type_name) => {
            of_cluster(*id)?.links(world, NAMESPACE).into_iter().next()
        }
        _ => None,
    });
    match written.map(|link| link.value) {
        Some(Link::Resource { id, .. }) if NAMESPACES.holds(&world.resource(id).type_name) => {
            match world.block(id).text(NAMESPACE_NAME) {
                Some(name) => (name.clone(), Some(name)),
                None => (own(world, service.id, &world.address(id)), None),
            }
        }
        Some(Link::Text(text, _)) if text.starts_with("arn:") => (text, None),
        Some(Link::Text(text, _)) => (text.clone(), Some(text)),
        Some(Link::Resource { value, .. } | Link::Template(_, value) | Link::Outside(_, value)) => {
            (own(world, service.id, &doubt_of(value).what), None)
        }
        Some(Link::Unknown(doubt)) => (own(world, service.id, &doubt.what), None),
        None => {
            let cluster = match cluster {
                Some(Link::Resource { id, .. }) => world.address(id).to_string(),
                Some(Link::Text(name, _) | Link::Outside(name, _)) => name.to_string(),
                Some(Link::Template(_, value)) => doubt_of(value).what,
                Some(Link::Unknown(doubt)) => doubt.what,
                None => "default".to_owned(),
            };
            (own(world, service.id, &format!("the cluster {cluster}")), None)
        }
    }
}

/// A name that means something within one stack only.
fn own(world: &World<'_>, id: ResourceId, what: &str) -> Text {
    Text::open(format!("{}//{what}", world.stack_of(id).id))
}
