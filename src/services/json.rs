//! JSON text in the code: documents and policies, which may hold values that only deployment can tell.

use crate::value::{Kind, Object, Value};
use serde_json::Value as Json;
use std::sync::Arc;

/// Stand around the number of a value inside of text. Private use: no document has them by right.
const MARK: (char, char) = ('\u{e000}', '\u{e001}');

/// JSON text of an object as a value; what only deployment can tell keeps its place in it. `None` for YAML and anything else.
pub(super) fn parse(value: &Value) -> Option<Value> {
    let mut text = String::new();
    let mut inside: Vec<&Value> = Vec::new();
    match &value.kind {
        Kind::String(whole) => text.push_str(whole),
        Kind::Template(parts) => {
            for part in parts.iter() {
                match part.as_str() {
                    Some(piece) => text.push_str(piece),
                    None => {
                        text.push_str(&format!("{}{}{}", MARK.0, inside.len(), MARK.1));
                        inside.push(part);
                    }
                }
            }
        }
        _ => return None,
    }
    let json: Json = serde_json::from_str(&text).ok()?;
    json.is_object().then(|| lift(&json, &inside, value))
}

/// serde_json bounds the depth of what it reads, and with it that of this.
fn lift(json: &Json, inside: &[&Value], whole: &Value) -> Value {
    let kind = match json {
        Json::Null => Kind::Null,
        Json::Bool(value) => Kind::Bool(*value),
        Json::Number(number) => Kind::String(number.to_string().into()),
        Json::String(text) => return unmark(text, inside, whole),
        Json::Array(items) => Kind::List(Arc::new(items.iter().map(|item| lift(item, inside, whole)).collect())),
        Json::Object(entries) => {
            let entry = |(key, item): (&String, &Json)| (Arc::from(key.as_str()), lift(item, inside, whole));
            Kind::Object(Arc::new(entries.iter().map(entry).collect::<Object>()))
        }
    };
    Value::new(kind, whole.origin.clone())
}

/// A text with the values that are marked in it.
fn unmark(text: &str, inside: &[&Value], whole: &Value) -> Value {
    let piece = |text: &str| Value::new(Kind::String(text.into()), whole.origin.clone());
    let mut parts: Vec<Value> = Vec::new();
    let mut segments = text.split(MARK.0);
    parts.extend(segments.next().filter(|first| !first.is_empty()).map(piece));
    for segment in segments {
        let marked = segment.split_once(MARK.1);
        let found = marked.and_then(|(number, rest)| Some((*inside.get(number.parse::<usize>().ok()?)?, rest)));
        let (value, rest) = match found {
            Some((value, rest)) => (Some(value.clone()), rest),
            None => (None, segment),
        };
        parts.extend(value);
        parts.extend(Some(rest).filter(|rest| !rest.is_empty()).map(piece));
    }
    match parts.pop() {
        None => piece(""),
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            Value::new(Kind::Template(Arc::new(parts)), whole.origin.clone())
        }
    }
}
