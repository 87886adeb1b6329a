//! OpenAPI documents that carry an API's integrations: as a tree, or as JSON text that may hold references.

use super::Front;
use super::integration;
use crate::model::Doubt;
use crate::services::draft::Draft;
use crate::services::json;
use crate::services::read::{Block, Field, doubt_of};
use crate::value::{Kind, Value, When, render};
use std::collections::BTreeSet;

const INTEGRATION: &str = "x-amazon-apigateway-integration";

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
            Kind::String(_) | Kind::Template(_) => match json::parse(value) {
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

/// What `{"$ref": "#/components/..."}` stands for within the document.
fn resolved<'b>(document: &'b Value, value: &'b Value) -> &'b Value {
    let Some(pointer) = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/")) else {
        return value;
    };
    let step = |at: Option<&'b Value>, key: &str| at.and_then(|at| at.get(key));
    pointer.split('/').fold(Some(document), step).unwrap_or(value)
}
