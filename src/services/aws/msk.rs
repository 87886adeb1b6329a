//! MSK clusters: brokers keep and read the records.

use super::keys::custody_of;
use super::store::{self, Takes, by_setting};
use crate::model::{Custody, Evidence, Face, StoredData, custody_phrase};
use crate::services::Service;
use crate::services::draft::Draft;
use crate::services::read::{Alternative, Block, Field, Presence, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] = &[Service { types: CLUSTER, describe: describe_cluster }];

const CLUSTER: Types = Types { terraform: &["aws_msk_cluster"], cloudformation: &["AWS::MSK::Cluster"] };

const ENCRYPTION: Field = field("encryption_info", "EncryptionInfo");
const IN_TRANSIT: Field = field("encryption_in_transit", "EncryptionInTransit");
const CLIENT_BROKER: Field = field("client_broker", "ClientBroker");
const AT_REST: Field = field("", "EncryptionAtRest");
const KEY: Field = field("encryption_at_rest_kms_key_arn", "DataVolumeKMSKeyId");

fn describe_cluster<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = store::describe(draft, block, "the brokers", "keep the records", faces(block));
    for holder in holders(block) {
        for (when, custody, name) in custody_of(draft.world, &holder, KEY, Custody::ProviderManaged) {
            let phrase = custody_phrase(&custody);
            let evidence = match holder.get(KEY) {
                Some(key) => Evidence::new(KEY.spelling(holder.language()), phrase, key.span()).along(key),
                None => holder.defaulted(KEY, "alias/aws/kafka", phrase),
            };
            draft.store(node, StoredData { what: "the record log".to_owned(), when, custody, evidence, key: name });
        }
    }
}

/// The blocks that may name the key; the cluster itself where there are none.
fn holders<'a>(block: &Block<'a>) -> Vec<Block<'a>> {
    let encryption = block.known_blocks(ENCRYPTION);
    let found: Vec<_> = encryption.iter().flat_map(|encryption| encryption.known_blocks(AT_REST)).collect();
    if found.is_empty() { vec![block.clone()] } else { found }
}

/// `client_broker` is `TLS` by default.
fn faces(block: &Block<'_>) -> Vec<Face> {
    let means = |text: &str| match text {
        "tls" => Takes::Tls,
        "plaintext" => Takes::Plaintext,
        _ => Takes::Both,
    };
    let default = ("TLS", Takes::Tls);
    let mut found = Vec::new();
    for Alternative { when, value: encryption } in block.presence(ENCRYPTION) {
        let settings = match encryption {
            Presence::Block(encryption) => encryption.presence(IN_TRANSIT),
            other => vec![Alternative { when, value: other }],
        };
        for Alternative { when, value } in settings {
            match value {
                Presence::Block(settings) => found.extend(by_setting(&settings, CLIENT_BROKER, default, means)),
                Presence::Absent => {
                    let evidence = block.defaulted(ENCRYPTION, "TLS", "the brokers take TLS only");
                    found.push(Face { when, accepts: store::accepts(block, Takes::Tls, evidence) });
                }
                Presence::Unknown(doubt) => {
                    found.push(Face { when, accepts: crate::model::Accepts::Undeclared(doubt) });
                }
            }
        }
    }
    found
}
