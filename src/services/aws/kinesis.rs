//! Kinesis data streams.

use super::keys::custody_of;
use super::store;
use crate::model::{Accepts, Custody, Evidence, Face, StoredData, custody_phrase};
use crate::services::Service;
use crate::services::draft::Draft;
use crate::services::read::{Alternative, Block, Field, Presence, Setting, field};
use crate::services::world::{Types, World};

pub(super) static SERVICES: &[Service] = &[Service { types: STREAM, describe: describe_stream }];

const STREAM: Types = Types { terraform: &["aws_kinesis_stream"], cloudformation: &["AWS::Kinesis::Stream"] };

const NAME: Field = field("name", "Name");
const SETTINGS: Field = field("", "StreamEncryption");
const TYPE: Field = field("encryption_type", "EncryptionType");
const KEY: Field = field("kms_key_id", "KeyId");
const WHAT: &str = "the stream";

fn describe_stream<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.name(block, NAME, "kinesis", "stream/");
    let faces = vec![Face::always(Accepts::Undeclared(store::by_client(block)))];
    let node = store::describe(draft, block, "Amazon Kinesis", "keeps the records", faces);
    for data in stored(draft.world, block) {
        draft.store(node, data);
    }
}

/// Unencrypted unless the stream asks for KMS.
fn stored<'a>(world: &World<'a>, stream: &Block<'a>) -> Vec<StoredData> {
    let mut found = Vec::new();
    for Alternative { when, value } in stream.presence(SETTINGS) {
        match value {
            Presence::Block(settings) => found.extend(by_type(world, &settings)),
            Presence::Absent => {
                let evidence = stream.defaulted(SETTINGS, "NONE", Custody::None.phrase());
                found.push(StoredData { what: WHAT.to_owned(), when, custody: Ok(Custody::None), evidence, key: None });
            }
            Presence::Unknown(doubt) => {
                let evidence = Evidence::new("unknown", "it is not known whether it is encrypted", stream.place());
                found.push(StoredData { what: WHAT.to_owned(), when, custody: Err(doubt), evidence, key: None });
            }
        }
    }
    found
}

fn by_type<'a>(world: &World<'a>, settings: &Block<'a>) -> Vec<StoredData> {
    let mut found = Vec::new();
    let data = |when, custody, evidence| StoredData { what: WHAT.to_owned(), when, custody, evidence, key: None };
    for Alternative { when, value } in settings.setting(TYPE) {
        match value {
            Setting::Text(text, value) if text.eq_ignore_ascii_case("KMS") => {
                for (key_when, custody, key) in custody_of(world, settings, KEY, Custody::ProviderManaged) {
                    let evidence = settings.stated(TYPE, &text, value, custody_phrase(&custody));
                    let when = crate::value::When::both(when.as_ref(), key_when.as_ref());
                    found.push(StoredData { key, ..data(when, custody, evidence) });
                }
            }
            Setting::Text(text, value) => {
                let evidence = settings.stated(TYPE, &text, value, Custody::None.phrase());
                found.push(data(when, Ok(Custody::None), evidence));
            }
            Setting::Absent => {
                let evidence = settings.defaulted(TYPE, "NONE", Custody::None.phrase());
                found.push(data(when, Ok(Custody::None), evidence));
            }
            Setting::Unknown(doubt) => {
                let evidence = Evidence::new("unknown", "it is not known whether it is encrypted", settings.place());
                found.push(data(when, Err(doubt), evidence));
            }
        }
    }
    found
}
