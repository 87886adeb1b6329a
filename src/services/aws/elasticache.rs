//! ElastiCache and MemoryDB: caches with one switch for TLS.

use super::keys::{AtRest, at_rest, custody_of};
use super::store::{self, Takes, by_setting, under};
use crate::model::{Accepts, Custody, Evidence, Face, StoredData, custody_phrase};
use crate::resource::Language;
use crate::services::Service;
use crate::services::draft::{Destination, Draft};
use crate::services::read::{Alternative, Block, Field, Setting, field};
use crate::services::world::Types;
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[
    Service { types: GROUP, describe: describe_group },
    Service { types: SINGLE, describe: describe_single },
    Service { types: SERVERLESS, describe: describe_serverless },
    Service { types: MEMORYDB, describe: describe_memorydb },
];

const GROUP: Types = Types {
    terraform: &["aws_elasticache_replication_group"],
    cloudformation: &["AWS::ElastiCache::ReplicationGroup"],
};
const SINGLE: Types =
    Types { terraform: &["aws_elasticache_cluster"], cloudformation: &["AWS::ElastiCache::CacheCluster"] };
const SERVERLESS: Types =
    Types { terraform: &["aws_elasticache_serverless_cache"], cloudformation: &["AWS::ElastiCache::ServerlessCache"] };
const MEMORYDB: Types = Types { terraform: &["aws_memorydb_cluster"], cloudformation: &["AWS::MemoryDB::Cluster"] };

const ENGINE: Field = field("engine", "Engine");
const IN_TRANSIT: Field = field("transit_encryption_enabled", "TransitEncryptionEnabled");
const MODE: Field = field("transit_encryption_mode", "TransitEncryptionMode");
const AT_REST: Field = field("at_rest_encryption_enabled", "AtRestEncryptionEnabled");
const KEY: Field = field("kms_key_id|kms_key_arn", "KmsKeyId");
const GLOBAL: Field = field("global_replication_group_id", "GlobalReplicationGroupId");
const GROUP_OF_NODE: Field = field("replication_group_id", "-");
const MEMORYDB_TLS: Field = field("tls_enabled", "TLSEnabled");

/// A node of a replication group stands for the group. A cluster of its own has no attribute for encryption at rest, in
/// either language.
fn describe_single<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    if !block.has(GROUP_OF_NODE) {
        if by_engine(block) != Ok(Custody::None) {
            return describe_group(draft, block);
        }
        let node = store::describe(draft, block, "the cache", "keeps what is cached", faces(block));
        let meaning = "a cache cluster is not encrypted at rest: only replication groups and serverless caches can be";
        let evidence = Evidence::new("cache cluster", meaning, block.owner.header);
        let what = "the cache".to_owned();
        return draft.store(node, StoredData { what, when: None, custody: Ok(Custody::None), evidence, key: None });
    }
    for link in block.links(draft.world, GROUP_OF_NODE) {
        let to = Destination::of_name(draft.world, block.id, &link.value, GROUP, &["replication_group_id"]);
        draft.stand_for(block.id, to);
    }
}

fn describe_group<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = store::describe(draft, block, "the cache", "keeps what is cached", faces(block));
    let default = by_engine(block);
    let unkeyed = Custody::ProviderOwned;
    let store = AtRest { what: "the cache", encrypted: AT_REST, key: KEY, default, unkeyed };
    for data in at_rest(draft.world, block, &store) {
        draft.store(node, data);
    }
}

/// Whether the engine is Valkey, whose defaults are others; `None` where the engine is not known.
fn is_valkey(block: &Block<'_>) -> Option<bool> {
    block.get(ENGINE).map_or(Some(false), |engine| engine.as_str().map(|engine| engine == "valkey"))
}

/// "at_rest_encryption_enabled ... false for redis, true for valkey" (Terraform). CloudFormation's schema says false for every
/// engine, which the service does not keep to.
fn by_engine(block: &Block<'_>) -> Result<Custody, &'static str> {
    match (is_valkey(block), block.language()) {
        (Some(false), _) => Ok(Custody::None),
        (Some(true), Language::Terraform) if GROUP.holds(&block.owner.type_name) => Ok(Custody::ProviderOwned),
        _ => {
            Err("whether a cache is encrypted without this switch depends on its engine, and is not documented for all")
        }
    }
}

/// Without the switch the cache knows no TLS at all; with it the mode says whether plaintext is still taken. Nothing
/// documents which mode applies where none is named.
fn faces(block: &Block<'_>) -> Vec<Face> {
    let knows_none = is_valkey(block) == Some(false) && !block.has(GLOBAL);
    let absent = if knows_none { Takes::Plaintext } else { Takes::Both };
    let mut found = Vec::new();
    for Alternative { when, value } in block.setting(IN_TRANSIT) {
        let accepts = match value {
            Setting::Text(text, _) if text.eq_ignore_ascii_case("true") => {
                let mode = |text: &str| if text == "required" { Takes::Tls } else { Takes::Both };
                found.extend(match block.has(MODE) {
                    true => under(by_setting(block, MODE, ("any mode", Takes::Both), mode), when.as_ref()),
                    false => under(in_some_mode(block), when.as_ref()),
                });
                continue;
            }
            Setting::Text(text, value) => {
                let evidence = block.stated(IN_TRANSIT, &text, value, "the cache takes plaintext only");
                store::accepts(block, Takes::Plaintext, evidence)
            }
            Setting::Absent => {
                let evidence = block.defaulted(IN_TRANSIT, "false", "the cache takes plaintext only");
                store::accepts(block, absent, evidence)
            }
            Setting::Unknown(doubt) => Accepts::Undeclared(doubt),
        };
        found.push(Face { when, accepts });
    }
    found
}

/// Without a mode, the cache either takes TLS only or plaintext too.
fn in_some_mode(block: &Block<'_>) -> Vec<Face> {
    let lenient = When::atom(format!("{} takes plaintext too", block.owner.address));
    let evidence = block.defaulted(MODE, "some mode", "it takes TLS only where the mode is required");
    let face = |when: When, takes| Face { when: Some(when), accepts: store::accepts(block, takes, evidence.clone()) };
    vec![face(lenient.negated(), Takes::Tls), face(lenient, Takes::Both)]
}

/// Serverless caches are always encrypted, in transit and at rest. Source: "ElastiCache in-transit encryption (TLS)" and
/// "At-Rest Encryption in ElastiCache".
fn describe_serverless<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let evidence = Evidence::new("serverless cache", "serverless caches take TLS only", block.owner.header);
    let faces = vec![Face::always(store::accepts(block, Takes::Tls, evidence))];
    let node = store::describe(draft, block, "the cache", "keeps what is cached", faces);
    keep_encrypted(draft, node, block);
}

/// `tls_enabled` is true by default in Terraform; CloudFormation states no default. At rest it is always encrypted.
/// Source: "At-Rest Encryption in MemoryDB".
fn describe_memorydb<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let absent = match block.language() {
        Language::Terraform => Takes::Tls,
        Language::CloudFormation => Takes::Both,
    };
    let on = |text: &str| if text == "true" { Takes::Tls } else { Takes::Plaintext };
    let faces = by_setting(block, MEMORYDB_TLS, ("true", absent), on);
    let node = store::describe(draft, block, "the cache", "keeps the data", faces);
    keep_encrypted(draft, node, block);
}

fn keep_encrypted<'a>(draft: &mut Draft<'a>, node: crate::model::NodeId, block: &Block<'a>) {
    for (when, custody, name) in custody_of(draft.world, block, KEY, Custody::ProviderOwned) {
        let evidence = match block.get(KEY) {
            Some(key) => Evidence::new(KEY.spelling(block.language()), custody_phrase(&custody), key.span()).along(key),
            None => block.defaulted(KEY, "the service's key", custody_phrase(&custody)),
        };
        draft.store(node, StoredData { what: "the cache".to_owned(), when, custody, evidence, key: name });
    }
}
