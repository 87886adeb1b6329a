//! SQS queues: HTTPS for all who use the SDKs, and the custody of the key.

use super::keys::{AtRest, at_rest, custody_of};
use super::store;
use crate::model::{Accepts, Custody, Evidence, Face, StoredData, custody_phrase};
use crate::resource::Language;
use crate::services::Service;
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] = &[Service { types: QUEUE, describe: describe_queue }];

const QUEUE: Types = Types { terraform: &["aws_sqs_queue"], cloudformation: &["AWS::SQS::Queue"] };

const NAME: Field = field("name", "QueueName");
const KEY: Field = field("kms_master_key_id", "KmsMasterKeyId");
const MANAGED: Field = field("sqs_managed_sse_enabled", "SqsManagedSseEnabled");
const NO_KEY: Field = field("-", "-");

/// "When SqsManagedSseEnabled is not defined, SSE-SQS encryption is enabled by default" (CloudFormation). Terraform
/// leaves older queues as they are.
fn describe_queue<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.name(block, NAME, "sqs", "");
    let faces = vec![Face::always(Accepts::Undeclared(store::by_client(block)))];
    let node = store::describe(draft, block, "Amazon SQS", "keeps the messages", faces);
    if block.has(KEY) {
        for (when, custody, key) in custody_of(draft.world, block, KEY, Custody::ProviderOwned) {
            let place = block.get(KEY).map_or_else(|| block.place(), |key| key.span());
            let evidence = Evidence::new(KEY.spelling(block.language()), custody_phrase(&custody), place);
            draft.store(node, StoredData { what: "the queue".to_owned(), when, custody, evidence, key });
        }
        return;
    }
    let default = match block.language() {
        Language::CloudFormation => Ok(Custody::ProviderOwned),
        Language::Terraform => Err("a queue made before October 2022 without this switch is not encrypted"),
    };
    let unkeyed = Custody::ProviderOwned;
    let store = AtRest { what: "the queue", encrypted: MANAGED, key: NO_KEY, default, unkeyed };
    for data in at_rest(draft.world, block, &store) {
        draft.store(node, data);
    }
}
