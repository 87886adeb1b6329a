//! TLS private keys in what a server is started with: written there, or in a secret, a parameter, a file or an object that the
//! server is told of by reference or by name.
//!
//! Source: the documentation of `tls_private_key` ("stored unencrypted in your Terraform state file").

use super::links::{Mention, flat, mentions, texts};
use super::private_keys::{add, outside};
use crate::model::{Evidence, NodeId};
use crate::resource::{Language, Mode};
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Where code keeps a text that a server fetches at its start by its name.
const STORE: Types = Types {
    terraform: &["aws_secretsmanager_secret", "aws_ssm_parameter"],
    cloudformation: &["AWS::SecretsManager::Secret", "AWS::SSM::Parameter"],
};
const VERSION: Types = Types { terraform: &["aws_secretsmanager_secret_version"], cloudformation: &[] };
/// What a server fetches from a bucket.
const OBJECT: Types = Types { terraform: &["aws_s3_object", "aws_s3_bucket_object"], cloudformation: &[] };
const BUCKETS: Types = Types { terraform: &["aws_s3_bucket"], cloudformation: &[] };
const FILE: Types = Types { terraform: &["local_file", "local_sensitive_file"], cloudformation: &[] };

const CONTENT: Field = field("secret_string|value|insecure_value|content|content_base64|source", "SecretString|Value");
const NAME: Field = field("name", "Name");
const KEY: Field = field("key", "-");
const BUCKET: Field = field("bucket", "-");

/// What speaks of fetching a secret or a parameter: the services as the command line, the SDKs and references call them.
const FETCHES: [&str; 5] = ["ssm", "secretsmanager", "get-parameter", "get-secret-value", "valuefrom"];
/// What fetches all that a bucket has under a prefix.
const FETCHES_ALL: [&str; 2] = ["s3 sync", "--recursive"];
/// What a container is told of a secret is its name or its ARN.
const BY_NAME: [&str; 2] = ["ValueFrom", "valueFrom"];

/// A private key in what a server is started with.
struct Found<'a> {
    fact: String,
    address: Option<Arc<str>>,
    place: &'a Value,
    /// Whether the server surely gets it.
    sure: bool,
}

/// Keys that user data or container definitions hand over, by themselves or by a secret of the code.
pub(super) fn describe_handed<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>, text: Field) {
    for (when, value) in block.values(text) {
        let mut search =
            Search { world: draft.world, found: Vec::new(), looked: BTreeMap::new(), open: VecDeque::new() };
        search.run(block.id, value.value, when.is_none());
        let mut found = search.found;
        // Of one key that is found twice, the certain row stays.
        found.sort_by_key(|key| !key.sure);
        for key in found {
            let meaning = "the server's private key comes from here, so it also lies outside the server";
            let evidence = Evidence::new(key.fact, meaning, key.place.span()).along(key.place);
            let party = match block.language() {
                Language::Terraform => "whoever reads the Terraform state or the user data",
                Language::CloudFormation => "whoever reads the template or the user data",
            };
            add(draft, node, outside(party, key.address, evidence, key.sure));
        }
    }
}

struct Search<'s, 'a> {
    world: &'s World<'a>,
    found: Vec<Found<'a>>,
    /// The holders that were met, and whether what they hold is surely read: each is looked into twice at most.
    looked: BTreeMap<ResourceId, bool>,
    /// What is still to be looked into, with the resource that says it.
    open: VecDeque<(ResourceId, &'a Value, bool)>,
}

impl<'a> Search<'_, 'a> {
    fn run(&mut self, from: ResourceId, value: &'a Value, sure: bool) {
        self.open.push_back((from, value, sure));
        while let Some((from, value, sure)) = self.open.pop_front() {
            self.collect(from, value, sure);
        }
    }

    fn collect(&mut self, from: ResourceId, value: &'a Value, sure: bool) {
        for mention in mentions(value, None) {
            self.follow(from, &mention, sure && mention.when.is_none());
        }
        let by_name = told_names(value);
        for (when, text) in texts(value, None) {
            let sure = sure && when.is_none();
            let whole = flat(text);
            if is_tls_pem(&whole) {
                let fact = "a private key in the code".to_owned();
                self.found.push(Found { fact, address: None, place: text, sure });
            }
            let fetches = by_name.iter().any(|name| std::ptr::eq(*name, text)) || speaks_of(&whole, &FETCHES);
            for (holder, meant) in self.named(from, &whole, fetches).into_iter().chain(self.objects(text, &whole)) {
                self.look_into(holder, sure && meant);
            }
        }
    }

    fn follow(&mut self, from: ResourceId, mention: &Mention<'a>, sure: bool) {
        let attribute = &*mention.reference.attribute;
        // What is only computed from a key may or may not hold it.
        let sure = sure && mention.value.as_unknown().is_none();
        if is_tls_key(attribute) {
            let address = Some(Arc::clone(&mention.reference.target));
            self.found.push(Found { fact: mention.reference.text(), address, place: mention.value, sure });
        } else if !mention.is_read || matches!(attribute, "name" | "key" | "filename") {
            let Some(id) = self.world.find(from, &mention.reference.target) else { return };
            self.look_into(id, sure);
        }
    }

    fn look_into(&mut self, id: ResourceId, sure: bool) {
        if self.looked.get(&id).is_some_and(|known| *known || !sure) {
            return;
        }
        self.looked.insert(id, sure);
        for holder in contents(self.world, id) {
            let content = holder.get(CONTENT).map(|content| (holder.id, content, sure));
            self.open.extend(content);
        }
    }

    /// The secrets and parameters of the code whose names stand in the text, and whether it surely means them.
    fn named(&self, from: ResourceId, text: &str, fetches: bool) -> Vec<(ResourceId, bool)> {
        let world = self.world;
        let says = |id: &ResourceId| {
            let name = world.block(*id).get(NAME).and_then(Value::as_str);
            name.is_some_and(|name| is_told(text, name))
        };
        let in_reach = |id: &ResourceId| {
            world.resource(*id).mode == Mode::Managed && world.may_share_place(from, *id, false) && says(id)
        };
        let beside = |id: ResourceId| world.stack_of(id).id == world.stack_of(from).id;
        world.of_types(STORE).into_iter().filter(in_reach).map(|id| (id, fetches && beside(id))).collect()
    }

    /// The objects of the code that the text fetches from a bucket.
    fn objects(&self, value: &Value, text: &str) -> Vec<(ResourceId, bool)> {
        let mut found = Vec::new();
        let fetches_all = speaks_of(text, &FETCHES_ALL);
        for id in self.world.of_types(OBJECT) {
            let object = self.world.block(id);
            let by_key = object.get(KEY).and_then(Value::as_str).is_some_and(|key| names_object(text, key));
            if (by_key || fetches_all) && self.tells_bucket(&object, value, text) {
                found.push((id, by_key));
            }
        }
        found
    }

    /// Whether the text speaks of the bucket that the object lies in.
    fn tells_bucket(&self, object: &Block<'a>, value: &Value, text: &str) -> bool {
        let world = self.world;
        let points = |bucket: ResourceId| {
            let name = world.block(bucket).get(BUCKET).and_then(Value::as_str);
            let is_it = |target: &str| world.find(object.id, target) == Some(bucket);
            value.points_to().iter().any(|reference| is_it(&reference.target))
                || name.is_some_and(|name| names_bucket(text, name))
        };
        object.links(world, BUCKET).iter().any(|link| match &link.value {
            Link::Resource { id, .. } => points(*id),
            Link::Text(name, _) => {
                let buckets = world.named(object.id, BUCKETS, &["bucket"], name);
                names_bucket(text, name) || buckets.into_iter().any(points)
            }
            _ => false,
        })
    }
}

/// What a secret, a parameter, a file or an object of the code holds.
fn contents<'a>(world: &World<'a>, id: ResourceId) -> Vec<Block<'a>> {
    let resource = world.resource(id);
    let mut found = Vec::new();
    let holds = [STORE, VERSION, OBJECT, FILE].iter().any(|types| types.holds(&resource.type_name));
    if resource.mode == Mode::Managed && holds {
        found.push(world.block(id));
        let versions = world.pointers(id, &["name"], VERSION, &["secret_id"]);
        found.extend(versions.into_iter().map(|version| world.block(version)));
    }
    found
}

/// The values that stand where a container is told the name of a secret.
fn told_names(value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    value.visit(&mut |inner| {
        for told in BY_NAME.iter().filter_map(|key| inner.get(key)) {
            found.extend(told.alternatives().into_iter().map(|(_, value)| value));
        }
    });
    found
}

fn speaks_of(text: &str, words: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// Whether the name of a secret or a parameter stands in the text as a whole: alone, or in an ARN, which has six characters more
/// behind a secret's name.
fn is_told(text: &str, name: &str) -> bool {
    let is_end = |before: &str, after: &str| {
        let suffix = after.strip_prefix('-').map(|rest| rest.chars().take_while(|c| goes_on(*c)).count());
        before.ends_with(":secret:") && suffix == Some(6)
    };
    occurrences(text, name).any(|(before, after)| {
        let starts = !before.ends_with(goes_on) || before.ends_with(":parameter") || before.ends_with(":parameter/");
        starts && (!after.starts_with(goes_on) || is_end(before, after))
    })
}

/// Whether a bucket's name stands in the text, as in URLs and in the names of hosts.
fn names_bucket(text: &str, name: &str) -> bool {
    let goes_on = |c: char| goes_on(c) && c != '/';
    occurrences(text, name)
        .any(|(before, after)| !before.ends_with(goes_on) && !after.starts_with(|c| goes_on(c) && c != '.'))
}

/// Whether the text has a path that ends with the key of an object.
fn names_object(text: &str, key: &str) -> bool {
    occurrences(text, key.trim_start_matches('/'))
        .any(|(before, after)| !before.ends_with(|c| goes_on(c) && c != '/') && !after.starts_with(goes_on))
}

fn occurrences<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
    let all = text.match_indices(name).filter(|_| !name.is_empty());
    all.map(|(at, found)| text.split_at(at + found.len()))
        .map(move |(before, after)| (before.strip_suffix(name).unwrap_or(before), after))
}

fn goes_on(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.')
}

/// The attributes of `tls_private_key` and `acme_certificate` that hold a key; that in OpenSSH's form is no TLS key.
fn is_tls_key(attribute: &str) -> bool {
    (attribute.starts_with("private_key") && attribute != "private_key_openssh") || attribute == "certificate_p12"
}

/// PEM text of a key; SSH's own and PGP's have other headers.
fn is_tls_pem(text: &str) -> bool {
    ["-----BEGIN PRIVATE KEY", "-----BEGIN RSA PRIVATE KEY", "-----BEGIN EC PRIVATE KEY"]
        .iter()
        .any(|header| text.contains(header))
}
