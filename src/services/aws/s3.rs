//! S3 buckets: stores behind the REST endpoint. Their website endpoints are in a file of their own.

use super::bucket_policy::set_up_by;
use super::keys::custody_of;
use crate::model::{Accepts, Custody, Doubt, Evidence, Face, NodeKind, Operator, StoredData};
use crate::services::Service;
use crate::services::draft::{Draft, NodeFacts};
use crate::services::read::{Block, Field, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] = &[Service { types: BUCKET, describe: describe_bucket }];

pub(super) const BUCKET: Types = Types { terraform: &["aws_s3_bucket"], cloudformation: &["AWS::S3::Bucket"] };
const ENCRYPTION: Types =
    Types { terraform: &["aws_s3_bucket_server_side_encryption_configuration"], cloudformation: &[] };

const BUCKET_NAME: Field = field("bucket", "BucketName");
const BUCKET_ENCRYPTION: Field = field("server_side_encryption_configuration", "BucketEncryption");
const RULES: Field = field("rule", "ServerSideEncryptionConfiguration");
const BY_DEFAULT: Field = field("apply_server_side_encryption_by_default", "ServerSideEncryptionByDefault");
const ALGORITHM: Field = field("sse_algorithm", "SSEAlgorithm");
const KEY: Field = field("kms_master_key_id", "KMSMasterKeyID");

fn describe_bucket<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.name(block, BUCKET_NAME, "s3", "");
    let node = draft.node(
        block,
        NodeFacts { kind: NodeKind::Store, operator: Operator::Aws, party: "Amazon S3", why: "keeps the objects" },
    );
    let doubt = Doubt::new(
        format!("whether {} refuses HTTP", block.owner.address),
        "the bucket answers HTTP as well as HTTPS unless its policy denies aws:SecureTransport = false",
        "deny aws:SecureTransport = false in the bucket policy",
        Some(block.owner.header),
    );
    draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt))]);
    let separate = set_up_by(draft.world, block, ENCRYPTION);
    let mut configurations = block.known_blocks(BUCKET_ENCRYPTION);
    configurations.extend(separate.into_iter().map(|(configuration, _)| configuration));
    for data in stored(draft, block, &configurations) {
        draft.store(node, data);
    }
}

/// "Amazon S3 now applies server-side encryption with S3 managed keys (SSE-S3) as the base level", since 2023-01-05.
fn stored(draft: &Draft<'_>, block: &Block<'_>, configurations: &[Block<'_>]) -> Vec<StoredData> {
    let rules = configurations.iter().flat_map(|configuration| configuration.known_blocks(RULES));
    let defaults: Vec<_> = rules.flat_map(|rule| rule.known_blocks(BY_DEFAULT)).collect();
    let what = "the content".to_owned();
    let Some(default) = defaults.first() else {
        let meaning = "objects are encrypted with a key that Amazon S3 owns";
        let evidence = block.defaulted(BUCKET_ENCRYPTION, "SSE-S3", meaning);
        return vec![StoredData { what, when: None, custody: Ok(Custody::ProviderOwned), evidence, key: None }];
    };
    let algorithm = default.text(ALGORITHM).unwrap_or_default();
    if !algorithm.starts_with("aws:kms") {
        let evidence = Evidence::new(default.spell(ALGORITHM, &algorithm), "Amazon S3 owns the key", default.place());
        return vec![StoredData { what, when: None, custody: Ok(Custody::ProviderOwned), evidence, key: None }];
    }
    let evidence =
        Evidence::new(default.spell(ALGORITHM, &algorithm), "objects are encrypted by AWS KMS", default.place());
    let custody = custody_of(draft.world, default, KEY, Custody::ProviderManaged);
    let data = |(when, custody, key)| StoredData { what: what.clone(), when, custody, evidence: evidence.clone(), key };
    custody.into_iter().map(data).collect()
}
