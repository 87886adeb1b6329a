//! Field-level encryption: CloudFront reads the whole request and then encrypts some fields of it, for what stands behind.
//!
//! Source: "Use field-level encryption to help protect sensitive data": fields of POST requests whose body is URL-encoded, at
//! most ten, encrypted "at the edge". Nothing else of the body is, nor is any response.

use super::{CONFIG, DEFAULT_BEHAVIOUR, DISTRIBUTION, MORE_BEHAVIOURS};
use crate::model::{Evidence, Key, NodeId, Unfit};
use crate::services::draft::{Draft, pointing};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::Value;
use crate::value::secret::Text;
use std::sync::Arc;

pub(super) const PUBLIC_KEY: Types =
    Types { terraform: &["aws_cloudfront_public_key"], cloudformation: &["AWS::CloudFront::PublicKey"] };
const PROFILE: Types = Types {
    terraform: &["aws_cloudfront_field_level_encryption_profile"],
    cloudformation: &["AWS::CloudFront::FieldLevelEncryptionProfile"],
};
const SETTINGS: Types = Types {
    terraform: &["aws_cloudfront_field_level_encryption_config"],
    cloudformation: &["AWS::CloudFront::FieldLevelEncryptionConfig"],
};

const OF_BEHAVIOUR: Field = field("field_level_encryption_id", "FieldLevelEncryptionId");
const PROFILE_CONFIG: Field = field("", "FieldLevelEncryptionProfileConfig");
const ENTITIES: Field = field("encryption_entities", "EncryptionEntities");
const ENTITY: Field = field("items", "");
const KEY_OF_ENTITY: Field = field("public_key_id", "PublicKeyId");
const PATTERNS: Field = field("field_patterns", "FieldPatterns");

/// Fields that are named to people.
const MOST_NAMED: usize = 3;

/// The key closes no bodies, whoever holds the private half of it.
pub(super) fn describe_key<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let world = draft.world;
    let (mut names, mut uses) = (Vec::new(), Vec::new());
    for profile in world.referrers(block.id, PROFILE) {
        names.extend(fields(world, block.id, &world.block(profile)));
        for settings in world.referrers(profile, SETTINGS) {
            uses.extend(behaviours(draft, settings));
        }
    }
    names.dedup();
    let some = match names.get(..MOST_NAMED).unwrap_or(&names) {
        [] => "the named form fields".to_owned(),
        [only] => format!("the form field {only}"),
        several => {
            format!("form fields ({}{})", several.join(", "), if names.len() > MOST_NAMED { ", ..." } else { "" })
        }
    };
    let meaning = format!(
        "CloudFront encrypts only {some} of URL-encoded POST bodies, and only after it has read the whole request"
    );
    let place = uses.first().map_or(block.owner.header, |(_, value)| value.span());
    let mut evidence = Evidence::new(OF_BEHAVIOUR.spelling(block.language()), meaning, place);
    if let Some((_, value)) = uses.first() {
        evidence = evidence.along(value);
    }
    draft.model.keys.push(Key {
        stack: Arc::clone(&world.stack_of(block.id).id),
        addresses: vec![block.owner.address.shared()],
        unfit: Some(Unfit { evidence, nodes: uses.iter().map(|(node, _)| *node).collect() }),
        holders: Vec::new(),
        unread: Vec::new(),
        delegated: Vec::new(),
    });
}

/// The fields that a profile encrypts with the key.
fn fields(world: &World<'_>, key: ResourceId, profile: &Block<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for config in profile.known_blocks(PROFILE_CONFIG) {
        let entities = config.known_blocks(ENTITIES);
        for entity in entities.iter().flat_map(|entities| entities.known_blocks(ENTITY)) {
            let of_key = |link: &Link<'_>| matches!(link, Link::Resource { id, .. } if *id == key);
            if !entity.links(world, KEY_OF_ENTITY).iter().any(|link| of_key(&link.value)) {
                continue;
            }
            if let Some(patterns) = entity.get(PATTERNS) {
                patterns.visit(&mut |value| found.extend(Text::of(value).map(String::from)));
            }
        }
    }
    found
}

/// The distributions with a behaviour that uses the settings, and where it does.
fn behaviours<'a>(draft: &Draft<'a>, settings: ResourceId) -> Vec<(NodeId, &'a Value)> {
    let world = draft.world;
    let mut found = Vec::new();
    for (distribution, _) in pointing(world, settings, DISTRIBUTION, |distribution| {
        uses(distribution).iter().flat_map(|behaviour| behaviour.links(world, OF_BEHAVIOUR)).collect()
    }) {
        let Some(node) = draft.home(distribution.id) else { continue };
        for behaviour in uses(&distribution) {
            let here = |link: &Link<'_>| matches!(link, Link::Resource { id, .. } if *id == settings);
            let points = behaviour.links(world, OF_BEHAVIOUR).iter().any(|link| here(&link.value));
            if let Some(value) = behaviour.get(OF_BEHAVIOUR).filter(|_| points) {
                found.push((node, value));
            }
        }
    }
    found
}

/// The behaviours of a distribution that encrypt fields.
fn uses<'a>(distribution: &Block<'a>) -> Vec<Block<'a>> {
    let configs = distribution.known_blocks(CONFIG);
    let all = configs.iter().flat_map(|config| {
        let default = config.known_blocks(DEFAULT_BEHAVIOUR);
        default.into_iter().chain(config.known_blocks(MORE_BEHAVIOURS))
    });
    all.filter(|behaviour| behaviour.has(OF_BEHAVIOUR)).collect()
}
