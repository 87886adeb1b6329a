//! DocumentDB and Neptune clusters.

use super::keys::{AtRest, at_rest};
use super::store::{self, Takes, accepts, by_client, by_setting, or_by_client, under};
use crate::model::{Accepts, Custody, Doubt, Evidence, Face};
use crate::services::Service;
use crate::services::draft::{Destination, Draft};
use crate::services::read::{Block, Child, Field, Link, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};

pub(super) static SERVICES: &[Service] = &[
    Service { types: CLUSTER, describe: describe_cluster },
    Service { types: NEPTUNE, describe: describe_neptune },
    Service { types: CLUSTER_INSTANCE, describe: describe_instance },
    Service { types: NEPTUNE_INSTANCE, describe: describe_instance },
];

const CLUSTER: Types = Types { terraform: &["aws_docdb_cluster"], cloudformation: &["AWS::DocDB::DBCluster"] };
const NEPTUNE: Types = Types { terraform: &["aws_neptune_cluster"], cloudformation: &["AWS::Neptune::DBCluster"] };
const CLUSTER_INSTANCE: Types =
    Types { terraform: &["aws_docdb_cluster_instance"], cloudformation: &["AWS::DocDB::DBInstance"] };
const NEPTUNE_INSTANCE: Types =
    Types { terraform: &["aws_neptune_cluster_instance"], cloudformation: &["AWS::Neptune::DBInstance"] };
const CLUSTER_NAMES: [&str; 2] = ["cluster_identifier", "DBClusterIdentifier"];
const GROUP: Types = Types {
    terraform: &["aws_docdb_cluster_parameter_group"],
    cloudformation: &["AWS::DocDB::DBClusterParameterGroup"],
};

const ENCRYPTED: Field = field("storage_encrypted", "StorageEncrypted");
const KEY: Field = field("kms_key_id|kms_key_arn", "KmsKeyId");
const GROUP_NAME: Field = field("db_cluster_parameter_group_name", "DBClusterParameterGroupName");
const CLUSTER_OF_INSTANCE: Field = field("cluster_identifier", "DBClusterIdentifier");
const PARAMETERS: Field = field("parameter", "-");
const MAP: Field = field("-", "Parameters");
const NAME: Field = field("name", "-");
const VALUE: Field = field("value", "-");
const TLS: Field = field("-", "tls");

fn describe_cluster<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let faces = faces(draft.world, block);
    describe(draft, block, faces);
}

/// What Neptune takes depends on its engine's version.
fn describe_neptune<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    describe(draft, block, vec![Face::always(Accepts::Undeclared(by_client(block)))]);
}

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>, faces: Vec<Face>) {
    let node = store::describe(draft, block, "the database", "keeps the data", faces);
    let unkeyed = Custody::ProviderManaged;
    let default = Ok(Custody::None);
    let store = AtRest { what: "the database cluster", encrypted: ENCRYPTED, key: KEY, default, unkeyed };
    for data in at_rest(draft.world, block, &store) {
        draft.store(node, data);
    }
}

fn describe_instance<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let clusters = if CLUSTER_INSTANCE.holds(&block.owner.type_name) { CLUSTER } else { NEPTUNE };
    for link in block.links(draft.world, CLUSTER_OF_INSTANCE) {
        let to = Destination::of_name(draft.world, block.id, &link.value, clusters, &CLUSTER_NAMES);
        draft.stand_for(block.id, to);
    }
}

/// The parameter `tls` is enabled by default. Source: "Encrypting data in transit", Amazon DocumentDB.
fn faces<'a>(world: &World<'a>, cluster: &Block<'a>) -> Vec<Face> {
    let named = cluster.values(GROUP_NAME);
    if named.is_empty() {
        return vec![Face::always(by_default(cluster, cluster, GROUP_NAME))];
    }
    let mut found = Vec::new();
    for (when, name) in named {
        let links = name.own_links(world);
        if links.is_empty() {
            found.push(Face { when, accepts: by_default(cluster, cluster, GROUP_NAME) });
        }
        for link in links {
            found.extend(under(of_link(world, cluster, &link.value), link.when.as_ref()));
        }
    }
    found
}

fn of_link<'a>(world: &World<'a>, cluster: &Block<'a>, link: &Link<'a>) -> Vec<Face> {
    let accepts = match link {
        Link::Resource { id, .. } if GROUP.holds(&world.resource(*id).type_name) => {
            return of_group(world, cluster, *id);
        }
        Link::Text(name, _) if name.starts_with("default.") => by_default(cluster, cluster, GROUP_NAME),
        Link::Text(name, value) => match world.named(cluster.id, GROUP, &["name", "Name"], name).as_slice() {
            [] => {
                let message = format!("the parameter group {name} is not in this code");
                let settle = "lint the code that declares the parameter group together with this code";
                Accepts::Undeclared(Doubt::new(name, message, settle, Some(value.span())))
            }
            groups => return groups.iter().flat_map(|group| of_group(world, cluster, *group)).collect(),
        },
        Link::Resource { value, .. } | Link::Template(_, value) | Link::Outside(_, value) => {
            Accepts::Undeclared(doubt_of(value))
        }
        Link::Unknown(doubt) => Accepts::Undeclared(doubt.clone()),
    };
    vec![Face::always(accepts)]
}

fn of_group<'a>(world: &World<'a>, cluster: &Block<'a>, id: ResourceId) -> Vec<Face> {
    let group = world.block(id);
    let means = |text: &str| if text == "disabled" { Takes::Plaintext } else { Takes::Tls };
    let parameters = group.known_blocks(PARAMETERS).into_iter();
    let mut tls = parameters.filter(|parameter| parameter.text(NAME).as_deref() == Some("tls"));
    if let Some(parameter) = tls.next() {
        return or_by_client(by_setting(&parameter, VALUE, ("enabled", Takes::Tls), means), &parameter);
    }
    for map in group.known_blocks(MAP) {
        if map.has(TLS) {
            return or_by_client(by_setting(&map, TLS, ("enabled", Takes::Tls), means), &map);
        }
    }
    let field = if group.has(MAP) { MAP } else { PARAMETERS };
    match group.children(field).iter().all(|child| matches!(child.value, Child::Block(_))) {
        true => vec![Face::always(by_default(cluster, &group, field))],
        false => vec![Face::always(Accepts::Undeclared(by_client(cluster)))],
    }
}

fn by_default(cluster: &Block<'_>, block: &Block<'_>, field: Field) -> Accepts {
    let evidence: Evidence = block.defaulted(field, "tls = enabled", "the cluster takes TLS only");
    accepts(cluster, Takes::Tls, evidence)
}
