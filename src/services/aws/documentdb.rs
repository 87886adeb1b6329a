//! DocumentDB and Neptune clusters.

use super::keys::{AtRest, at_rest};
use super::parameters::Switch;
use super::store::{self, Takes, accepts, by_client};
use crate::model::{Accepts, Custody, Evidence, Face};
use crate::services::Service;
use crate::services::draft::{Destination, Draft};
use crate::services::read::{Block, Field, field};
use crate::services::world::{Types, World};

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

const SWITCHES: [(&str, Field); 1] = [("tls", field("-", "tls"))];

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
    let switch = Switch {
        group: GROUP_NAME,
        groups: GROUP,
        names: &["name", "Name"],
        parameters: &SWITCHES,
        default: ("enabled", Takes::Tls),
        means: |text| if text == "disabled" { Takes::Plaintext } else { Takes::Tls },
        without: &|| by_default(cluster, cluster, GROUP_NAME),
        unset: &|group, field| by_default(cluster, group, field),
        by_default: &|_, _| by_default(cluster, cluster, GROUP_NAME),
    };
    switch.faces(world, cluster)
}

fn by_default(cluster: &Block<'_>, block: &Block<'_>, field: Field) -> Accepts {
    let evidence: Evidence = block.defaulted(field, "tls = enabled", "the cluster takes TLS only");
    accepts(cluster, Takes::Tls, evidence)
}
