//! SAM events: a function that is called by an API says so itself, and the API's integrations are not written down.

use super::{Family, Front, fronts};
use crate::model::{Leg, Segment};
use crate::services::aws::api_endpoint;
use crate::services::aws::sam::{implicit_api, sibling};
use crate::services::draft::{Destination, Draft, PendingHop};
use crate::services::read::{Block, Field, field};
use crate::services::world::Types;
use crate::value::Value;

pub(super) const OWNER: Types =
    Types { terraform: &[], cloudformation: &["AWS::Serverless::Function", "AWS::Serverless::StateMachine"] };

pub(super) const EVENTS: Field = field("-", "Events");
const TYPE: Field = field("-", "Type");
const PROPERTIES: Field = field("-", "Properties");
const API_ID: Field = field("-", "RestApiId|ApiId");
const DOCUMENT: Field = field("-", "DefinitionBody");
const DOCUMENT_ELSEWHERE: Field = field("-", "DefinitionUri");
const MERGED: Field = field("-", "MergeDefinitions");

pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(events) = block.get(EVENTS).and_then(Value::as_object) else { return };
    for value in events.values() {
        let event = block.of(value);
        let Some((kind, written)) = event.text(TYPE).zip(event.get(TYPE)) else { continue };
        for front in apis(draft, &event, &kind) {
            let meaning = "API Gateway invokes it through the API of its service, which is HTTPS";
            draft.send(PendingHop {
                from: front.listener,
                to: Destination::resource(block.id),
                legs: vec![Leg::new(api_endpoint::call(), vec![event.stated(TYPE, &kind, written, meaning)])],
                via: Vec::new(),
                evidence: Vec::new(),
                when: front.when,
                segment: Segment::Request,
                doubt: None,
            });
        }
    }
}

/// Whether SAM writes the integration of an event into the API. It makes the whole document of an API without one, adds to
/// that of an HTTP API in the template, and to that of a REST API where it is asked to merge. Elsewhere an event only permits
/// the API to call, and the document says whether it does. Source: the SAM translator's event sources.
fn takes_events(api: &Block<'_>) -> bool {
    match &*api.owner.type_name {
        "AWS::Serverless::Api" => !api.has(DOCUMENT) && !api.has(DOCUMENT_ELSEWHERE) || api.has(MERGED),
        "AWS::Serverless::HttpApi" => !api.has(DOCUMENT_ELSEWHERE),
        _ => false,
    }
}

/// The APIs of an event: those it names, else the implicit one.
fn apis<'a>(draft: &mut Draft<'a>, event: &Block<'a>, kind: &str) -> Vec<Front> {
    let Some(implicit) = implicit_api(kind) else { return Vec::new() };
    let family = if kind == "Api" { Family::Rest } else { Family::Http };
    if let Some(properties) = event.known_block(PROPERTIES).filter(|properties| properties.has(API_ID)) {
        let mut named = fronts(draft, &properties, API_ID, family);
        // An API of other code may have a document that calls it.
        named.retain(|front| front.is_of_other_code(event) || takes_events(&draft.world.block(front.api)));
        return named;
    }
    let address = sibling(event.owner.address.as_str(), implicit);
    let api = draft.world.find(event.id, &address).and_then(|id| Some((id, draft.front(id)?)));
    let front = |(api, listener)| {
        let when = event.owner.exists.when().cloned();
        Front { api, listener, family, via: Vec::new(), when, doubt: None }
    };
    api.map(front).into_iter().collect()
}
