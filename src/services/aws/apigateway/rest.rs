//! REST APIs, which SAM writes as `AWS::Serverless::Api`.

use super::{
    BODY, BODY_ELSEWHERE, Family, admit, authorizer, domain, endpoint_is_off, floor, fronts, integration, open,
    openapi, stage,
};
use crate::model::{TlsFloor, TlsVersion};
use crate::services::draft::{Draft, Exposure};
use crate::services::read::{Alternative, Block, Child, Field, Presence, doubt_of, field};
use crate::services::world::Types;
use crate::value::{Kind, Value, When};

pub(super) const API: Types = Types {
    terraform: &["aws_api_gateway_rest_api"],
    cloudformation: &["AWS::ApiGateway::RestApi", "AWS::Serverless::Api"],
};
pub(super) const BODY_OVERRIDE: Types = Types { terraform: &["aws_api_gateway_rest_api_put"], cloudformation: &[] };
pub(super) const INTEGRATION: Types =
    Types { terraform: &["aws_api_gateway_integration"], cloudformation: &["AWS::ApiGateway::Method"] };

const API_ID: Field = field("rest_api_id", "RestApiId");
const ENDPOINT: Field = field("endpoint_configuration", "EndpointConfiguration");
const ENDPOINT_TYPES: Field = field("types", "Types|Type");
const INTEGRATION_BLOCK: Field = field("", "Integration");

pub(super) fn describe_api<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let exposures = exposures(block);
    let floor = if endpoint_is_off(block) { domain::weakest(draft.world, block) } else { own_floor(block, &exposures) };
    let front = open(draft, block, Family::Rest, floor);
    admit(draft, block, &front, &exposures);
    domain::describe_own(draft, block);
    stage::describe_logging(draft, block.id, block);
    authorizer::describe_sam(draft, block);
    openapi::describe(draft, &front, block, BODY, BODY_ELSEWHERE);
}

/// Without a policy the service decides: TLS 1.0 on edge and regional endpoints, TLS 1.2 on private ones.
/// Source: "Choose a security policy for your custom domain", default endpoints.
fn own_floor(block: &Block<'_>, exposures: &[Alternative<Exposure>]) -> TlsFloor {
    let private = exposures.iter().all(|exposure| matches!(exposure.value, Exposure::Private));
    floor(block, TlsFloor::fixed(if private { TlsVersion::V1_2 } else { TlsVersion::V1_0 }))
}

/// An edge endpoint unless said otherwise. SAM also takes the type as a plain text.
fn exposures(block: &Block<'_>) -> Vec<Alternative<Exposure>> {
    let is_text = |value: &&Value| value.alternatives().iter().all(|(_, value)| value.as_str().is_some());
    if let Some(value) = block.get(ENDPOINT).filter(is_text) {
        return of_types(value, block.when.as_ref());
    }
    let mut found = Vec::new();
    for Alternative { when, value } in block.presence(ENDPOINT) {
        match value {
            Presence::Absent => found.push(Alternative { when, value: Exposure::Internet }),
            Presence::Unknown(doubt) => found.push(Alternative { when, value: Exposure::Unknown(doubt) }),
            Presence::Block(config) if !config.has(ENDPOINT_TYPES) => {
                found.push(Alternative { when, value: Exposure::Internet });
            }
            Presence::Block(config) => {
                for (types_when, types) in config.values(ENDPOINT_TYPES) {
                    let when = When::both(when.as_ref(), types_when.as_ref());
                    found.extend(of_types(types.value, when.as_ref()));
                }
            }
        }
    }
    found
}

/// A type, or a list with one, that may be one of several.
fn of_types(types: &Value, when: Option<&When>) -> Vec<Alternative<Exposure>> {
    let only = match types.as_list() {
        Some([only]) => only,
        _ => types,
    };
    let alternative = |(inner, value): (Option<When>, &Value)| {
        let when = When::both(when, inner.as_ref());
        when.as_ref().is_none_or(When::satisfiable).then(|| Alternative { when, value: exposure(value) })
    };
    only.alternatives().into_iter().filter_map(alternative).collect()
}

fn exposure(value: &Value) -> Exposure {
    let items = match &value.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    if items.iter().any(|item| item.as_str() == Some("PRIVATE")) {
        return Exposure::Private;
    }
    match items.iter().find(|item| item.as_str().is_none()) {
        Some(item) => Exposure::Unknown(doubt_of(item)),
        None => Exposure::Internet,
    }
}

/// A document that is put onto an API from outside of it.
pub(super) fn describe_body<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for front in fronts(draft, block, API_ID, Family::Rest) {
        openapi::describe(draft, &front, block, BODY, BODY_ELSEWHERE);
    }
}

pub(super) fn describe_integration<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for front in fronts(draft, block, API_ID, Family::Rest) {
        for child in block.children(INTEGRATION_BLOCK) {
            let mut front = front.clone();
            front.when = When::both(front.when.as_ref(), child.when.as_ref());
            match child.value {
                Child::Block(settings) => integration::send(draft, &front, &settings, &integration::REST),
                Child::Unknown(doubt) => integration::send_unknown(draft, &front, block, doubt),
            }
        }
    }
}
