//! OpenAPI documents that carry an API's integrations: as a tree, or as text that may hold references.

use super::{Endpoint, Front};
use super::{authorizer, integration};
use crate::model::Doubt;
use crate::services::document;
use crate::services::draft::Draft;
use crate::services::read::{Alternative, Block, Field, doubt_of};
use crate::value::secret::Text;
use crate::value::{Kind, Value, When, render};
use std::collections::BTreeSet;

const INTEGRATION: &str = "x-amazon-apigateway-integration";
/// What stands elsewhere is pointed to by this member.
const POINTER: &str = "$ref";
const ENDPOINT: &str = "x-amazon-apigateway-endpoint-configuration";

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
            Kind::String(_) | Kind::Template(_) => match document::read(value) {
                Some(parsed) => send_all(draft, &front, block, &parsed),
                None => integration::send_unknown(draft, &front, block, unread(block, value)),
            },
            _ => integration::send_unknown(draft, &front, block, doubt_of(value)),
        }
    }
}

fn unread(block: &Block<'_>, value: &Value) -> Doubt {
    let what = format!("the OpenAPI document of {}", block.owner.address);
    let message = format!("{what} is no JSON or YAML text that e2e-lint can read");
    let settle = "write the document as JSON or as an object, or assume in e2e-lint.yaml what the API calls";
    Doubt::new(what, message, settle, Some(value.span()))
}

/// Sends each different integration of a document once.
fn send_all<'b, 'a: 'b>(draft: &mut Draft<'a>, front: &Front, block: &Block<'b>, document: &'b Value) {
    authorizer::describe_document(draft, block, front.api, document);
    let mut seen = BTreeSet::new();
    let Some(paths) = document.get("paths") else { return };
    for (path_when, path) in members(paths, None).into_iter().flat_map(|(when, path)| operations(path, when.as_ref())) {
        for (when, operation) in path.alternatives() {
            let when = When::both(path_when.as_ref(), when.as_ref());
            let front = front.under(when.as_ref());
            if is_open(operation) {
                integration::send_unknown(draft, &front, block, doubt_of(operation));
            }
            let written = operation.get(INTEGRATION).map(|value| resolved(document, value));
            if let Some(pointer) = written.unwrap_or(operation).get(POINTER) {
                integration::send_unknown(draft, &front, block, not_followed(pointer));
                continue;
            }
            let Some(value) = written else { continue };
            let condition = when.as_ref().map(|when| when.text().to_owned());
            if seen.insert((condition, render(value).to_string())) {
                integration::send(draft, &front, &block.of(value), &integration::OPENAPI);
            }
        }
    }
}

/// The operations of a path. One that stands elsewhere is an operation of which nothing is known.
fn operations<'a>(path: &'a Value, when: Option<&When>) -> Vec<(Option<When>, &'a Value)> {
    let mut found = Vec::new();
    for (own, path) in path.alternatives() {
        let when = When::both(when, own.as_ref());
        match path.get(POINTER) {
            Some(_) => found.push((when, path)),
            None => found.extend(members(path, when.as_ref())),
        }
    }
    found
}

fn not_followed(pointer: &Value) -> Doubt {
    let text = Text::of(pointer).unwrap_or_else(|| Text::open("a pointer"));
    let message = format!("what {text} stands for in the OpenAPI document is not followed");
    Doubt::new(text, message, "write the operation where it is used", Some(pointer.span()))
}

/// The members of an object, in all its alternatives; a value of which nothing is known stands for its members.
fn members<'a>(value: &'a Value, when: Option<&When>) -> Vec<(Option<When>, &'a Value)> {
    let mut found = Vec::new();
    for (own, value) in value.alternatives() {
        let when = When::both(when, own.as_ref());
        let inner = value.as_object().into_iter().flat_map(|members| members.values());
        found.extend(inner.chain(is_open(value).then_some(value)).map(|member| (when.clone(), member)));
    }
    found
}

fn is_open(value: &Value) -> bool {
    matches!(value.kind, Kind::Unknown(_) | Kind::Reference(_))
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
        let parsed = document::read(body.value);
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
    let Some(pointer) = value.get(POINTER).and_then(Value::as_str).and_then(|text| text.strip_prefix("#/")) else {
        return value;
    };
    let step = |at: Option<&'b Value>, key: &str| at.and_then(|at| at.get(key));
    pointer.split('/').fold(Some(document), step).unwrap_or(value)
}
