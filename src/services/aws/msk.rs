//! MSK clusters: brokers keep and read the records.

use super::keys::custody_of;
use super::store::{self, Takes, by_setting};
use crate::model::{Accepts, Custody, Evidence, Face, NodeId, StoredData, custody_phrase};
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

const RECORDS: &str = "the record log";

fn describe_cluster<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = store::describe(draft, block, "the brokers", "keep the records", faces(block));
    for holder in holders(draft, node, block) {
        for (when, custody, name) in custody_of(draft.world, &holder, KEY, Custody::ProviderManaged) {
            let phrase = custody_phrase(&custody);
            let evidence = match holder.get(KEY) {
                Some(key) => Evidence::new(KEY.spelling(holder.language()), phrase, key.span()).along(key),
                None => holder.defaulted(KEY, "alias/aws/kafka", phrase),
            };
            draft.store(node, StoredData { what: RECORDS.to_owned(), when, custody, evidence, key: name });
        }
    }
}

/// The blocks that may name the key; the cluster itself where there are none.
fn holders<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>) -> Vec<Block<'a>> {
    let mut found = Vec::new();
    for Alternative { when, value } in block.presence_along(&[ENCRYPTION, AT_REST]) {
        match value {
            Presence::Block(holder) => found.push(holder),
            Presence::Absent => found.push(block.clone().given(when.as_ref())),
            Presence::Unknown(doubt) => draft.store(node, StoredData::unknown(RECORDS, when, doubt, block.place())),
        }
    }
    found
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
    for Alternative { when, value } in block.presence_along(&[ENCRYPTION, IN_TRANSIT]) {
        match value {
            Presence::Block(settings) => found.extend(by_setting(&settings, CLIENT_BROKER, default, means)),
            Presence::Absent => {
                let evidence = block.defaulted(ENCRYPTION, "TLS", "the brokers take TLS only");
                found.push(Face { when, accepts: store::accepts(block, Takes::Tls, evidence) });
            }
            Presence::Unknown(doubt) => found.push(Face { when, accepts: Accepts::Undeclared(doubt) }),
        }
    }
    found
}
