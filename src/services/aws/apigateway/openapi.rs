//! OpenAPI documents that carry an API's integrations: as a tree, or as JSON text that may hold references.

use super::integration;
use super::{Endpoint, Front};
use crate::model::Doubt;
use crate::services::draft::Draft;
use crate::services::read::{Alternative, Block, Field, doubt_of};
use crate::value::{Kind, Object, Value, When, render};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

const INTEGRATION: &str = "x-amazon-apigateway-integration";
const ENDPOINT: &str = "x-amazon-apigateway-endpoint-configuration";

/// Stand around the number of a value inside of text. Private use: no document has them by right.
const MARK: (char, char) = ('\u{e000}', '\u{e001}');

/// Reads the document under `body`, or says that it stands under `elsewhere` where it is not read.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, front: &Front, block: &Block<'a>, body: Field, elsewhere: Field) {
    let bodies = block.values(body);
    if bodies.is_empty() && block.has(elsewhere) {
        let what = format!("the OpenAPI document of {}", block.owner.address);
        let settle = "write the document into the code, or assume in e2e-lint.yaml what the API calls";
        let doubt = Doubt::new(what.clone(), format!("{what} stands elsewhere"), settle, Some(block.owner.header));
        integration::send_unknown(draft, front, block, doubt);
    }
    for (when, document) in bodies {
        let front = front.under(when.as_ref());
        let value = document.value;
        match &value.kind {
            Kind::Null => {}
            Kind::Object(_) => send_all(draft, &front, block, value),
            Kind::String(_) | Kind::Template(_) => match parse(value) {
                Some(parsed) => send_all(draft, &front, block, &parsed),
                None => integration::send_unknown(draft, &front, block, unread(block, value)),
            },
            _ => integration::send_unknown(draft, &front, block, doubt_of(value)),
        }
    }
}

fn unread(block: &Block<'_>, value: &Value) -> Doubt {
    let what = format!("the OpenAPI document of {}", block.owner.address);
    let message = format!("{what} is no JSON text that e2e-lint can read");
    let settle = "write the document as JSON or as an object, or assume in e2e-lint.yaml what the API calls";
    Doubt::new(what, message, settle, Some(value.span()))
}

/// Sends each different integration of a document once.
fn send_all<'b, 'a: 'b>(draft: &mut Draft<'a>, front: &Front, block: &Block<'b>, document: &'b Value) {
    let mut seen = BTreeSet::new();
    let Some(paths) = document.get("paths").and_then(Value::as_object) else { return };
    for (path_when, path) in paths.values().flat_map(Value::alternatives) {
        let operations = path.as_object().into_iter().flat_map(|operations| operations.values());
        for (when, operation) in operations.flat_map(Value::alternatives) {
            let Some(value) = operation.get(INTEGRATION) else { continue };
            let value = resolved(document, value);
            let when = When::both(path_when.as_ref(), when.as_ref());
            let condition = when.as_ref().map(|when| when.text().to_owned());
            if seen.insert((condition, render(value).to_string())) {
                let settings = block.of(value);
                integration::send(draft, &front.under(when.as_ref()), &settings, &integration::OPENAPI);
            }
        }
    }
}

/// Whether the document under `body` leaves the API its own endpoint, which it has where nothing is said.
/// Source: "x-amazon-apigateway-endpoint-configuration"; it stands in a document of version 2, and in the servers of version 3.
pub(super) fn endpoints(block: &Block<'_>, body: Field) -> Vec<Alternative<Endpoint>> {
    let bodies = block.values(body);
    if bodies.is_empty() {
        return vec![Alternative::always(Endpoint::On)];
    }
    let mut found = Vec::new();
    for (when, body) in bodies {
        let parsed = parse(body.value);
        let document = parsed.as_ref().unwrap_or(body.value);
        let holders = match document.get("swagger") {
            Some(_) => std::slice::from_ref(document),
            None => document.get("servers").and_then(Value::as_list).unwrap_or_default(),
        };
        match holders.iter().find_map(|holder| holder.get(ENDPOINT)?.get("disableExecuteApiEndpoint")) {
            None => found.push(Alternative { when, value: Endpoint::On }),
            Some(written) => found.extend(written.alternatives().into_iter().map(|(inner, value)| Alternative {
                when: When::both(when.as_ref(), inner.as_ref()),
                value: endpoint(value),
            })),
        }
    }
    found
}

fn endpoint(disabled: &Value) -> Endpoint {
    match disabled.as_text() {
        Some(text) if text.eq_ignore_ascii_case("true") => Endpoint::Off,
        Some(_) => Endpoint::On,
        None if disabled.is_null() => Endpoint::On,
        None => Endpoint::Unknown(doubt_of(disabled)),
    }
}

/// What `{"$ref": "#/components/..."}` stands for within the document.
fn resolved<'b>(document: &'b Value, value: &'b Value) -> &'b Value {
    let Some(pointer) = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/")) else {
        return value;
    };
    let step = |at: Option<&'b Value>, key: &str| at.and_then(|at| at.get(key));
    pointer.split('/').fold(Some(document), step).unwrap_or(value)
}

/// JSON text as a value; what only deployment can tell keeps its place in it. `None` for YAML and anything else.
fn parse(value: &Value) -> Option<Value> {
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
