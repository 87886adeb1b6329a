//! S3 buckets: stores behind the REST endpoint. Their website endpoints are in a file of their own.

use super::bucket_policy::set_up_by;
use super::keys::custody_of;
use crate::model::{Accepts, Custody, Doubt, Evidence, Face, NodeId, NodeKind, Operator, StoredData};
use crate::services::Service;
use crate::services::draft::{Draft, NodeFacts};
use crate::services::read::{Alternative, Block, Field, Presence, Setting, field};
use crate::services::world::{Types, World};
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[Service { types: BUCKET, describe: describe_bucket }];

pub(in crate::services) const BUCKET: Types =
    Types { terraform: &["aws_s3_bucket"], cloudformation: &["AWS::S3::Bucket"] };
const ENCRYPTION: Types =
    Types { terraform: &["aws_s3_bucket_server_side_encryption_configuration"], cloudformation: &[] };

pub(in crate::services) const BUCKET_NAME: Field = field("bucket", "BucketName");
const BUCKET_ENCRYPTION: Field = field("server_side_encryption_configuration", "BucketEncryption");
const RULES: Field = field("rule", "ServerSideEncryptionConfiguration");
const BY_DEFAULT: Field = field("apply_server_side_encryption_by_default", "ServerSideEncryptionByDefault");
const ALGORITHM: Field = field("sse_algorithm", "SSEAlgorithm");
const KEY: Field = field("kms_master_key_id", "KMSMasterKeyID");

const CONTENT: &str = "the content";

fn describe_bucket<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = node(draft, block);
    for data in stored(draft.world, block) {
        draft.store(node, data);
    }
}

/// The node of a bucket, or of what speaks of a bucket that is made elsewhere.
pub(super) fn node<'a>(draft: &mut Draft<'a>, block: &Block<'a>) -> NodeId {
    draft.name(block, BUCKET_NAME, "s3", "");
    let facts =
        NodeFacts { kind: NodeKind::Store, operator: Operator::Aws, party: "Amazon S3", why: "keeps the objects" };
    let node = draft.node(block, facts);
    let doubt = Doubt::new(
        format!("whether {} refuses HTTP", block.owner.address),
        "the bucket answers HTTP as well as HTTPS unless its policy denies aws:SecureTransport = false",
        "deny aws:SecureTransport = false in the bucket policy",
        Some(block.owner.header),
    );
    draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt))]);
    node
}

/// "Amazon S3 now applies server-side encryption with S3 managed keys (SSE-S3) as the base level", since 2023-01-05.
fn stored<'a>(world: &World<'a>, block: &Block<'a>) -> Vec<StoredData> {
    let mut defaults = block.presence_along(&[BUCKET_ENCRYPTION, RULES, BY_DEFAULT]);
    for (configuration, when) in set_up_by(world, block, ENCRYPTION) {
        defaults.extend(configuration.given(when.as_ref()).presence_along(&[RULES, BY_DEFAULT]));
    }
    defaults.retain(|default| !matches!(default.value, Presence::Absent));
    let rest = When::otherwise(defaults.iter().map(|default| default.when.as_ref()));
    let mut found = Vec::new();
    for Alternative { when, value } in defaults {
        match value {
            Presence::Block(default) => found.extend(by_rule(world, &default)),
            Presence::Unknown(doubt) => found.push(StoredData::unknown(CONTENT, when, doubt, block.place())),
            Presence::Absent => {}
        }
    }
    if let Some(when) = rest {
        let meaning = "objects are encrypted with a key that Amazon S3 owns";
        let evidence = block.defaulted(BUCKET_ENCRYPTION, "SSE-S3", meaning);
        found.push(owned_by_s3(when, evidence));
    }
    found
}

fn owned_by_s3(when: Option<When>, evidence: Evidence) -> StoredData {
    StoredData { what: CONTENT.to_owned(), when, custody: Ok(Custody::ProviderOwned), evidence, key: None }
}

fn by_rule(world: &World<'_>, default: &Block<'_>) -> Vec<StoredData> {
    let mut found = Vec::new();
    let by_kms = |when: Option<&When>, evidence: &Evidence| {
        let custody = custody_of(world, default, KEY, Custody::ProviderManaged).into_iter();
        let data = custody.map(|(own, custody, key)| {
            let when = When::both(when, own.as_ref());
            StoredData { what: CONTENT.to_owned(), when, custody, evidence: evidence.clone(), key }
        });
        data.collect::<Vec<_>>()
    };
    for Alternative { when, value } in default.setting(ALGORITHM) {
        match value {
            Setting::Text(text, value) if text.starts_with("aws:kms") => {
                let evidence = default.stated(ALGORITHM, &text, value, "objects are encrypted by AWS KMS");
                found.extend(by_kms(when.as_ref(), &evidence));
            }
            Setting::Text(text, value) => {
                found.push(owned_by_s3(when, default.stated(ALGORITHM, &text, value, "Amazon S3 owns the key")));
            }
            Setting::Absent => {
                found.push(owned_by_s3(when, default.defaulted(ALGORITHM, "AES256", "Amazon S3 owns the key")))
            }
            Setting::Unknown(doubt) => {
                // Without a key of one's own AWS holds the key in either case.
                if !default.has(KEY) {
                    let evidence =
                        default.defaulted(KEY, "a key of AWS", "AWS manages the key, whatever the algorithm");
                    found.extend(by_kms(when.as_ref(), &evidence));
                }
                found.push(StoredData::unknown(CONTENT, when, doubt, default.place()));
            }
        }
    }
    found
}
