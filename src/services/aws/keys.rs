//! KMS keys: who holds the key that a store names.

use crate::model::{Custody, Doubt, Evidence, StoredData};
use crate::services::read::{Block, Field, Link, Setting};
use crate::services::world::World;
use crate::value::When;

/// The custody that a key reference gives; `absent` is what the store does without one.
///
/// `alias/aws/<service>` is a key that AWS manages in the account; any other alias, id or ARN is a customer's.
/// Source: "AWS KMS concepts", customer keys and AWS keys.
pub(super) fn custody_of(
    world: &World<'_>,
    block: &Block<'_>,
    key: Field,
    absent: Custody,
) -> Vec<(Option<When>, Custody)> {
    let links = block.links(world, key);
    if links.is_empty() {
        return vec![(None, absent)];
    }
    let custody = |link: &Link<'_>| match link {
        Link::Text(text, _) if text.contains("alias/aws/") || text.starts_with("aws/") => Custody::ProviderManaged,
        Link::Text(text, _) if matches!(text.as_str(), "AWS_OWNED_KMS_KEY" | "AWS_OWNED_KEY" | "AWS_OWNED_CMK") => {
            Custody::ProviderOwned
        }
        _ => Custody::CustomerManaged,
    };
    links.into_iter().map(|link| (link.when.clone(), custody(&link.value))).collect()
}

/// A store with one switch for encryption and one field for the key.
pub(super) struct AtRest {
    pub what: &'static str,
    pub encrypted: Field,
    pub key: Field,
    /// What an absent switch means.
    pub default: Result<Custody, &'static str>,
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
        };
        match &alternative.value {
            Setting::Absent => found.push(absent(world, block, store, &data)),
            Setting::Unknown(doubt) => {
                let evidence = Evidence::new("unknown", "it is not known whether it is encrypted", block.place());
                found.push(data(Err(doubt.clone()), evidence));
            }
            Setting::Text(text, value) if !text.eq_ignore_ascii_case("true") => {
                let meaning = format!("{} is stored unencrypted", store.what);
                found.push(data(Ok(Custody::None), block.stated(store.encrypted, text, value, meaning)));
            }
            Setting::Text(text, value) => {
                for (when, custody) in custody_of(world, block, store.key, Custody::ProviderManaged) {
                    let evidence = match block.get(store.key) {
                        Some(key) => {
                            let name = store.key.spelling(block.language());
                            Evidence::new(name, custody.phrase(), key.span()).along(key)
                        }
                        None => block.stated(store.encrypted, text, value, custody.phrase()),
                    };
                    let when = When::both(alternative.when.as_ref(), when.as_ref());
                    found.push(StoredData { what: store.what.to_owned(), when, custody: Ok(custody), evidence });
                }
            }
        }
    }
    found
}

fn absent(
    world: &World<'_>,
    block: &Block<'_>,
    store: &AtRest,
    data: &dyn Fn(Result<Custody, Doubt>, Evidence) -> StoredData,
) -> StoredData {
    match store.default {
        Ok(custody) => {
            let custody = match custody_of(world, block, store.key, custody).as_slice() {
                [(None, stronger)] if custody != Custody::None => *stronger,
                _ => custody,
            };
            data(
                Ok(custody),
                block.defaulted(
                    store.encrypted,
                    if custody == Custody::None { "false" } else { "on" },
                    custody.phrase(),
                ),
            )
        }
        Err(why) => {
            let what = format!("{} of {}", store.encrypted.spelling(block.language()), block.owner.address);
            let settle = format!("set {} to true", store.encrypted.spelling(block.language()));
            let doubt = Doubt::new(what, why, settle, Some(block.place()));
            data(Err(doubt), Evidence::new("absent", why, block.place()))
        }
    }
}
