//! KMS keys: who holds the key that a store names.

use super::kms;
use crate::model::{Custody, Doubt, Evidence, StoredData, custody_phrase};
use crate::resource::Mode;
use crate::services::read::{Alternative, Block, Field, Link, Setting, field};
use crate::services::world::{Types, World};
use crate::value::{Value, When};

pub(super) const KEY: Types = Types {
    terraform: &["aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key", "aws_kms_replica_external_key"],
    cloudformation: &["AWS::KMS::Key", "AWS::KMS::ReplicaKey"],
};
pub(super) const ALIAS: Types = Types { terraform: &["aws_kms_alias"], cloudformation: &["AWS::KMS::Alias"] };
pub(super) const ALIAS_NAME: Field = field("name", "AliasName");
pub(super) const KEY_ID: Field = field("key_id", "-");

/// What a key reference gives: its condition, the custody, and the key where it is one of the code.
type Keyed = (Option<When>, Result<Custody, Doubt>, Option<String>);

/// The custody that a key reference gives; `absent` is what the store does without one.
///
/// `alias/aws/<service>` is a key that AWS manages in the account; a key of the code, any other alias, id or ARN is a
/// customer's. Source: "AWS KMS concepts", customer keys and AWS keys.
pub(super) fn custody_of(world: &World<'_>, block: &Block<'_>, key: Field, absent: Custody) -> Vec<Keyed> {
    let written = block.values(key);
    if written.is_empty() {
        return vec![(block.when.clone(), Ok(absent), None)];
    }
    let keyed = |link: Alternative<Link<'_>>| {
        let key = kms::name_of(world, block.id, &link.value);
        let custody = if key.is_some() { Ok(Custody::CustomerManaged) } else { custody_by(world, &link.value) };
        (link.when, custody, key)
    };
    let of_value = |(when, value): (Option<When>, Block<'_>)| {
        let unset = value.value.is_null() || value.value.as_str().is_some_and(str::is_empty);
        match unset {
            true => vec![(when, Ok(absent), None)],
            false => value.own_links(world).into_iter().map(keyed).collect(),
        }
    };
    written.into_iter().flat_map(of_value).collect()
}

fn custody_by(world: &World<'_>, link: &Link<'_>) -> Result<Custody, Doubt> {
    match link {
        Link::Text(text, _) => Ok(custody_of_name(text)),
        Link::Template(parts, value) => {
            let names_alias = |part: &Value| part.as_str().is_some_and(|text| text.contains(":alias/aws/"));
            match parts.iter().any(names_alias) {
                true => Ok(Custody::ProviderManaged),
                false => Err(crate::services::read::doubt_of(value)),
            }
        }
        Link::Resource { id, value, .. } => {
            let resource = world.block(*id);
            let name = resource.text(ALIAS_NAME).or_else(|| resource.text(KEY_ID));
            let type_name = &resource.owner.type_name;
            match (resource.owner.mode, name) {
                (Mode::Managed, _) if KEY.holds(type_name) || ALIAS.holds(type_name) => Ok(Custody::CustomerManaged),
                (Mode::Data, Some(name)) if KEY.holds(type_name) || ALIAS.holds(type_name) => {
                    Ok(custody_of_name(&name))
                }
                _ => Err(crate::services::read::doubt_of(value)),
            }
        }
        Link::Outside(_, value) => Err(crate::services::read::doubt_of(value)),
        Link::Unknown(doubt) => Err(doubt.clone()),
    }
}

fn custody_of_name(text: &str) -> Custody {
    match text {
        "AWS_OWNED_KMS_KEY" | "AWS_OWNED_KEY" | "AWS_OWNED_CMK" => Custody::ProviderOwned,
        text if text.contains("alias/aws/") || text.starts_with("aws/") => Custody::ProviderManaged,
        _ => Custody::CustomerManaged,
    }
}

/// A store with one switch for encryption and one field for the key.
pub(super) struct AtRest {
    pub what: &'static str,
    pub encrypted: Field,
    pub key: Field,
    /// What an absent switch means.
    pub default: Result<Custody, &'static str>,
    /// Whose key it is where none is named.
    pub unkeyed: Custody,
}

/// Reads the switch in all its alternatives.
pub(super) fn at_rest(world: &World<'_>, block: &Block<'_>, store: &AtRest) -> Vec<StoredData> {
    let mut found = Vec::new();
    for alternative in block.setting(store.encrypted) {
        let data = |custody, evidence| StoredData {
            what: store.what.to_owned(),
            when: alternative.when.clone(),
            custody,
            evidence,
            key: None,
        };
        match &alternative.value {
            Setting::Absent => found.push(absent(block, store, &data)),
            Setting::Unknown(doubt) => {
                let evidence = Evidence::new("unknown", "it is not known whether it is encrypted", block.place());
                found.push(data(Err(doubt.clone()), evidence));
            }
            Setting::Text(text, value) if !text.eq_ignore_ascii_case("true") => {
                let meaning = format!("{} is stored unencrypted", store.what);
                found.push(data(Ok(Custody::None), block.stated(store.encrypted, text, value, meaning)));
            }
            Setting::Text(text, value) => {
                for (when, custody, key) in custody_of(world, block, store.key, store.unkeyed) {
                    let phrase = custody_phrase(&custody);
                    let evidence = match block.get(store.key) {
                        Some(named) => {
                            let name = store.key.spelling(block.language());
                            Evidence::new(name, phrase, named.span()).along(named)
                        }
                        None => block.stated(store.encrypted, text, value, phrase),
                    };
                    let when = When::both(alternative.when.as_ref(), when.as_ref());
                    found.push(StoredData { what: store.what.to_owned(), when, custody, evidence, key });
                }
            }
        }
    }
    found
}

fn absent(
    block: &Block<'_>,
    store: &AtRest,
    data: &dyn Fn(Result<Custody, Doubt>, Evidence) -> StoredData,
) -> StoredData {
    match store.default {
        Ok(custody) => {
            let default = if custody == Custody::None { "false" } else { "on" };
            data(Ok(custody), block.defaulted(store.encrypted, default, custody.phrase()))
        }
        Err(why) => {
            let what = format!("{} of {}", store.encrypted.spelling(block.language()), block.owner.address);
            let settle = format!("set {} to true", store.encrypted.spelling(block.language()));
            let doubt = Doubt::new(what, why, settle, Some(block.place()));
            data(Err(doubt), Evidence::new("absent", why, block.place()))
        }
    }
}
