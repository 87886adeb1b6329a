//! Stores, and what holds texts, that a caller is given by a name which is plain text by now: Terraform knows a name before
//! the resource exists.

use super::{BY_NAME, HOLDER};
use crate::services::read::Block;
use crate::services::world::{ResourceId, World};
use crate::value::{Kind, Value, When};

/// The attributes in which they say their names.
const NAMES: [&str; 7] = ["bucket", "name", "BucketName", "TableName", "QueueName", "TopicName", "Name"];

/// The name of a store or a holder inside of a value.
pub(super) struct Name<'a> {
    pub of: ResourceId,
    pub text: &'a str,
    pub value: &'a Value,
    pub when: Option<When>,
}

/// All such names in a value, all alternatives included.
pub(super) fn names<'a>(world: &World<'a>, text: &Block<'a>) -> Vec<Name<'a>> {
    let mut found = Vec::new();
    collect(world, text.id, text.value, text.when.as_ref(), &mut found);
    found
}

fn collect<'a>(world: &World<'a>, from: ResourceId, value: &'a Value, when: Option<&When>, found: &mut Vec<Name<'a>>) {
    for (condition, value) in value.alternatives() {
        let when = When::both(when, condition.as_ref());
        if when.as_ref().is_some_and(|when| !when.satisfiable()) {
            continue;
        }
        let mut add = |text: &'a str, of| found.push(Name { of, text, value, when: when.clone() });
        match &value.kind {
            Kind::String(text) if text.starts_with(['[', '{']) => in_json(world, from, text, &mut add),
            Kind::String(text) => {
                let text: &'a str = text;
                let named = named(world, from, text).into_iter().filter(|of| is_from(world, *of, value));
                named.for_each(|of| add(text, of));
            }
            Kind::Template(parts) => {
                parts.iter().filter_map(Value::as_str).for_each(|part| in_json(world, from, part, &mut add));
            }
            Kind::List(items) => items.iter().for_each(|item| collect(world, from, item, when.as_ref(), found)),
            Kind::Object(entries) => {
                entries.values().for_each(|item| collect(world, from, item, when.as_ref(), found));
            }
            _ => {}
        }
    }
}

fn named(world: &World<'_>, from: ResourceId, text: &str) -> Vec<ResourceId> {
    let mut found = world.named(from, BY_NAME, &NAMES, text);
    found.extend(world.named(from, HOLDER, &NAMES, text));
    found
}

/// Whether the value was written where the resource's name was: other texts may be equal by chance.
fn is_from(world: &World<'_>, of: ResourceId, value: &Value) -> bool {
    let mut own = NAMES.iter().filter_map(|name| world.resource(of).get(name));
    own.any(|own| own.as_str() == value.as_str() && own.span() == value.span())
}

/// Names that stand as values in JSON, `"value":"a"` or `"valueFrom":"a"`, as containers get their environment. Text that was
/// put together does not tell where its parts were written.
fn in_json<'a>(world: &World<'a>, from: ResourceId, text: &'a str, add: &mut dyn FnMut(&'a str, ResourceId)) {
    for rest in text.split("\"value").skip(1) {
        let colon = rest.strip_prefix("From").unwrap_or(rest).strip_prefix('"').map(str::trim_start);
        let quoted = colon.and_then(|rest| rest.strip_prefix(':')).and_then(|rest| rest.trim_start().strip_prefix('"'));
        let Some((word, _)) = quoted.and_then(|rest| rest.split_once('"')) else { continue };
        if !word.is_empty() {
            named(world, from, word).into_iter().for_each(|of| add(word, of));
        }
    }
}
