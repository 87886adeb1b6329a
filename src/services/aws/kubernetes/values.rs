//! The values that a Helm release gives its chart: its documents one after the other, and what `set` puts over them.

use crate::resource::Resource;
use crate::services::document;
use crate::value::{Kind, Object, Reason, Value};
use std::sync::Arc;

const VALUES: &str = "values";
/// Later ones go before earlier ones. What is said to be secret is not looked at.
const SETS: [(&str, bool); 3] = [("set", false), ("set_sensitive", true), ("set_wo", true)];
/// Keys within keys of a `set`.
const DEEPEST: usize = 32;

/// All values merged. Where a part of them is not known nothing is: it may hold any key.
pub(super) fn merged(release: &Resource) -> Value {
    let mut all = Value::object(Object::new(), release.header);
    for document in items(release.get(VALUES)) {
        match read(document) {
            Some(values) => merge(&mut all, &values),
            None => return unread(document, "values of the chart"),
        }
    }
    let sets =
        SETS.into_iter().flat_map(|(name, secret)| items(release.get(name)).into_iter().map(move |set| (set, secret)));
    for (set, secret) in sets {
        let name = set.get("name").and_then(Value::as_str);
        let (Some(name), Some(value)) = (name, set.get("value")) else {
            return unread(set, "a value that is set for the chart");
        };
        let Some(keys) = path(name) else { continue };
        let value = if secret || value.sensitive {
            unread(value, "a sensitive value that is set for the chart")
        } else {
            value.clone()
        };
        let nested = keys.into_iter().rev().fold(value, |inner, key| {
            let span = inner.span();
            Value::object(std::iter::once((Arc::from(key), inner)).collect(), span)
        });
        merge(&mut all, &nested);
    }
    all
}

fn items(value: Option<&Value>) -> Vec<&Value> {
    let Some(value) = value else { return Vec::new() };
    let all = value.as_list().unwrap_or(std::slice::from_ref(value));
    all.iter().filter(|value| !value.is_null()).collect()
}

/// A document without content changes nothing.
fn read(document: &Value) -> Option<Value> {
    if document.as_str().is_some_and(is_empty) {
        return Some(Value::object(Object::new(), document.span()));
    }
    document::read(document)
}

fn is_empty(text: &str) -> bool {
    text.lines().all(|line| {
        let line = line.trim();
        line.is_empty() || line.starts_with('#') || line == "---"
    })
}

fn unread(value: &Value, what: &str) -> Value {
    match &value.kind {
        Kind::Unknown(_) => value.clone(),
        Kind::Reference(reference) => Value::unknown(Reason::AfterDeployment, reference.text(), value.span()),
        _ => Value::unknown(Reason::NotEvaluated, what, value.span()),
    }
}

/// Maps are merged, everything else is replaced; null takes a key away.
///
/// Source: "Deleting a default key" in "Values Files" of the Helm documentation.
fn merge(all: &mut Value, more: &Value) {
    let (Kind::Object(into), Some(entries)) = (&mut all.kind, more.as_object()) else { return };
    let into = Arc::make_mut(into);
    for (key, value) in entries {
        match into.get_mut(key) {
            Some(old) if old.as_object().is_some() && value.as_object().is_some() => merge(old, value),
            _ => {
                into.insert(Arc::clone(key), value.clone());
            }
        }
    }
}

/// `a.b\.c` names the key `b.c` within `a`. `None` where a list is meant.
fn path(name: &str) -> Option<Vec<String>> {
    let mut keys = vec![String::new()];
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => keys.last_mut()?.extend(characters.next()),
            '.' => keys.push(String::new()),
            '[' => return None,
            other => keys.last_mut()?.push(other),
        }
    }
    (keys.len() <= DEEPEST).then_some(keys)
}

/// The value at a path. What is not known on the way is what stands there; null is absent.
pub(super) fn at<'v>(values: &'v Value, path: &[&str]) -> Option<&'v Value> {
    let mut value = values;
    for key in path {
        match &value.kind {
            Kind::Object(entries) => value = entries.get(*key)?,
            Kind::Null => return None,
            _ => return Some(value),
        }
    }
    (!value.is_null()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_of_keys_are_escaped() {
        let annotation = r"controller.service.annotations.service\.beta\.kubernetes\.io/aws-load-balancer-type";
        let keys = path(annotation).unwrap();
        assert_eq!(keys.last().unwrap(), "service.beta.kubernetes.io/aws-load-balancer-type");
        assert_eq!(keys.len(), 4);
        assert_eq!(path("controller.extraArgs[0]"), None);
    }
}
