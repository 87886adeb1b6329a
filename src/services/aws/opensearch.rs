//! OpenSearch and Elasticsearch domains.

use super::keys::{AtRest, at_rest};
use super::store::{self, Takes, by_setting};
use crate::model::{Accepts, Custody, Face, StoredData};
use crate::resource::Language;
use crate::services::Service;
use crate::services::draft::Draft;
use crate::services::read::{Alternative, Block, Field, Presence, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] = &[Service { types: DOMAIN, describe: describe_domain }];

const DOMAIN: Types = Types {
    terraform: &["aws_opensearch_domain", "aws_elasticsearch_domain"],
    cloudformation: &["AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"],
};

const ENDPOINT: Field = field("domain_endpoint_options", "DomainEndpointOptions");
const ENFORCE_HTTPS: Field = field("enforce_https", "EnforceHTTPS");
const AT_REST: Field = field("encrypt_at_rest", "EncryptionAtRestOptions");
const ENABLED: Field = field("enabled", "Enabled");
const KEY: Field = field("kms_key_id", "KmsKeyId");

fn describe_domain<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = store::describe(draft, block, "the search domain", "keeps the documents", faces(block));
    for data in stored(draft, block) {
        draft.store(node, data);
    }
}

/// Inside the block, `enforce_https` is true by default in Terraform and has no default in CloudFormation. Without the
/// block a domain answers HTTP too.
fn faces(block: &Block<'_>) -> Vec<Face> {
    let absent = match block.language() {
        Language::Terraform => ("true", Takes::Tls),
        Language::CloudFormation => ("false", Takes::Both),
    };
    let means = |text: &str| if text == "true" { Takes::Tls } else { Takes::Both };
    let mut found = Vec::new();
    for Alternative { when, value } in block.presence(ENDPOINT) {
        match value {
            Presence::Block(options) => found.extend(by_setting(&options, ENFORCE_HTTPS, absent, means)),
            Presence::Absent => found.push(Face { when, accepts: Accepts::Undeclared(store::by_client(block)) }),
            Presence::Unknown(doubt) => found.push(Face { when, accepts: Accepts::Undeclared(doubt) }),
        }
    }
    found
}

/// Unencrypted unless the block says otherwise.
fn stored<'a>(draft: &Draft<'a>, block: &Block<'a>) -> Vec<StoredData> {
    let what = "the search index";
    let store =
        AtRest { what, encrypted: ENABLED, key: KEY, default: Ok(Custody::None), unkeyed: Custody::ProviderManaged };
    let mut found = Vec::new();
    for Alternative { when, value } in block.presence(AT_REST) {
        match value {
            Presence::Block(options) => found.extend(at_rest(draft.world, &options, &store)),
            Presence::Absent => {
                let evidence = block.defaulted(AT_REST, "off", Custody::None.phrase());
                found.push(StoredData { what: what.to_owned(), when, custody: Ok(Custody::None), evidence, key: None });
            }
            Presence::Unknown(doubt) => {
                let meaning = "it is not known whether the documents are encrypted";
                let evidence = crate::model::Evidence::new("unknown", meaning, block.place());
                found.push(StoredData { what: what.to_owned(), when, custody: Err(doubt), evidence, key: None });
            }
        }
    }
    found
}
