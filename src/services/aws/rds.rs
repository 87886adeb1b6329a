//! RDS instances and Aurora clusters: stores, with the custody of their key.

use super::keys::{AtRest, at_rest};
use super::{parameter_group, store};
use crate::model::Custody;
use crate::services::Service;
use crate::services::draft::{Destination, Draft};
use crate::services::read::{Block, Field, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] =
    &[Service { types: INSTANCE, describe: describe_instance }, Service { types: CLUSTER, describe: describe_cluster }];

pub(super) const INSTANCE: Types =
    Types { terraform: &["aws_db_instance", "aws_rds_cluster_instance"], cloudformation: &["AWS::RDS::DBInstance"] };
pub(super) const CLUSTER: Types = Types { terraform: &["aws_rds_cluster"], cloudformation: &["AWS::RDS::DBCluster"] };

/// The attributes in which instances and clusters say their names.
pub(super) const INSTANCE_NAMES: [&str; 2] = ["identifier", "DBInstanceIdentifier"];
pub(super) const CLUSTER_NAMES: [&str; 2] = ["cluster_identifier", "DBClusterIdentifier"];

const STORAGE_ENCRYPTED: Field = field("storage_encrypted", "StorageEncrypted");
const KMS_KEY: Field = field("kms_key_id", "KmsKeyId");
const CLUSTER_OF_INSTANCE: Field = field("cluster_identifier", "DBClusterIdentifier");
const ENGINE: Field = field("engine", "Engine");
const GROUP: Field = field("parameter_group_name", "DBParameterGroupName");
const CLUSTER_GROUP: Field = field("db_cluster_parameter_group_name", "DBClusterParameterGroupName");

fn describe_instance<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    if block.has(CLUSTER_OF_INSTANCE) {
        for link in block.links(draft.world, CLUSTER_OF_INSTANCE) {
            let to = Destination::of_name(draft.world, block.id, &link.value, CLUSTER, &CLUSTER_NAMES);
            draft.stand_for(block.id, to);
        }
        return;
    }
    // "storage_encrypted ... The default is false"; "By default, it isn't encrypted" (both providers).
    describe(draft, block, "the database", GROUP, Ok(Custody::None));
}

/// Aurora clusters made since 2026-02-18 are encrypted with a key that AWS owns even where the switch is absent;
/// Multi-AZ clusters of other engines are not. Source: "Encrypting Amazon Aurora resources".
fn describe_cluster<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let aurora = block.text(ENGINE).is_none_or(|engine| engine.starts_with("aurora"));
    let default = if aurora {
        Err("an Aurora cluster made before 2026-02-18 without this switch is not encrypted, a newer one is")
    } else {
        Ok(Custody::None)
    };
    describe(draft, block, "the database cluster", CLUSTER_GROUP, default);
}

fn describe<'a>(
    draft: &mut Draft<'a>,
    block: &Block<'a>,
    what: &'static str,
    group: Field,
    default: Result<Custody, &'static str>,
) {
    let faces = parameter_group::faces(draft.world, block, group);
    let node = store::describe(draft, block, "the database", "keeps the data", faces);
    let unkeyed = Custody::ProviderManaged;
    let store = AtRest { what, encrypted: STORAGE_ENCRYPTED, key: KMS_KEY, default, unkeyed };
    for data in at_rest(draft.world, block, &store) {
        draft.store(node, data);
    }
}
