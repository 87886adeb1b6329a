//! Lambda authorizers: code that is shown the token, or the headers, the path and the query of a request, and never its body.
//!
//! Source: "Use API Gateway Lambda authorizers". Authorizers for JWT and user pools are checked by the service itself.

use super::events::{EVENTS, OWNER};
use crate::model::{Companion, Evidence};
use crate::services::aws::lambda;
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::Value;
use crate::value::secret::Text;

pub(super) const AUTHORIZER: Types = Types {
    terraform: &["aws_api_gateway_authorizer", "aws_apigatewayv2_authorizer"],
    cloudformation: &["AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"],
};
/// What asks an authorizer.
const ASKS: Types = Types {
    terraform: &["aws_api_gateway_method", "aws_apigatewayv2_route"],
    cloudformation: &["AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route"],
};

const API_ID: Field = field("rest_api_id|api_id", "RestApiId|ApiId");
const TYPE: Field = field("type|authorizer_type", "Type|AuthorizerType");
const CODE: Field = field("authorizer_uri", "AuthorizerUri");
const SAM_AUTH: Field = field("-", "Auth");
const SAM_DEFAULT: Field = field("-", "DefaultAuthorizer");
const SAM_AUTHORIZERS: Field = field("-", "Authorizers");
const SAM_CODE: Field = field("-", "FunctionArn");
const PARTY: &str = "the Lambda authorizer";
const AUTHORIZER_EXTENSION: &str = "x-amazon-apigateway-authorizer";

pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    if checks_itself(block.text(TYPE)) || draft.world.referrers(block.id, ASKS).is_empty() {
        return;
    }
    for api in block.links(draft.world, API_ID) {
        let Link::Resource { id, .. } = api.value else { continue };
        add(draft, id, block, block.get(CODE));
    }
}

/// The authorizers that SAM is told of in the API, as far as all methods of the API or an event of a function ask them.
pub(super) fn describe_sam<'a>(draft: &mut Draft<'a>, api: &Block<'a>) {
    let Some(node) = draft.home(api.id) else { return };
    for auth in draft.readers(node, api, &[SAM_AUTH], PARTY) {
        let default = auth.get(SAM_DEFAULT);
        for authorizers in draft.readers(node, &auth, &[SAM_AUTHORIZERS], PARTY) {
            for (name, value) in authorizers.value.as_object().into_iter().flatten() {
                let authorizer = authorizers.of(value);
                let Some(code) = authorizer.get(SAM_CODE) else { continue };
                if default.is_some_and(|default| may_name(default, name)) || is_asked_by_event(draft.world, api, name) {
                    add(draft, api.id, &authorizer, Some(code));
                }
            }
        }
    }
}

fn may_name(value: &Value, name: &str) -> bool {
    value.alternatives().iter().any(|(_, value)| value.as_str().is_none_or(|text| text == name))
}

/// Whether an event of a function beside the API names the authorizer.
fn is_asked_by_event(world: &World<'_>, api: &Block<'_>, name: &str) -> bool {
    let events = world.beside(api.id, OWNER).into_iter().filter_map(|owner| world.block(owner).get(EVENTS));
    let mut asked = false;
    for events in events {
        events.visit(&mut |value| {
            let asks = value.get("Auth").and_then(|auth| auth.get("Authorizer"));
            asked |= asks.is_some_and(|asks| may_name(asks, name));
        });
    }
    asked
}

/// The authorizers of an OpenAPI document, as far as the document as a whole or one of its operations asks them.
/// Source: "x-amazon-apigateway-authorizer" of the API Gateway guide; in version 2 schemes stand in `securityDefinitions`.
pub(super) fn describe_document<'b, 'a: 'b>(
    draft: &mut Draft<'a>,
    block: &Block<'b>,
    api: ResourceId,
    document: &'b Value,
) {
    let of_version_3 = document.get("components").and_then(|components| components.get("securitySchemes"));
    let Some(schemes) = of_version_3.or_else(|| document.get("securityDefinitions")) else { return };
    for (name, scheme) in schemes.alternatives().into_iter().flat_map(|(_, all)| all.as_object().into_iter().flatten())
    {
        let Some(authorizer) = scheme.get(AUTHORIZER_EXTENSION) else { continue };
        let kind = authorizer.get("type").and_then(Text::of);
        let Some(code) = authorizer.get("authorizerUri").filter(|_| !checks_itself(kind)) else { continue };
        if is_asked(document, name) {
            add(draft, api, &block.of(authorizer), Some(code));
        }
    }
}

/// Whether a `security` requirement in the document names the scheme, or may.
fn is_asked(document: &Value, name: &str) -> bool {
    let mut asked = false;
    document.visit(&mut |value| {
        if let Some(security) = value.get("security") {
            security.visit(&mut |inner| asked |= inner.get(name).is_some() || inner.as_unknown().is_some());
        }
    });
    asked
}

/// Whether the service checks tokens itself, and runs no code.
fn checks_itself(kind: Option<Text>) -> bool {
    kind.is_some_and(|kind| matches!(kind.to_ascii_uppercase().as_str(), "JWT" | "COGNITO_USER_POOLS"))
}

/// The authorizer as a reader at the API.
fn add<'b, 'a: 'b>(draft: &mut Draft<'a>, api: ResourceId, block: &Block<'b>, code: Option<&'b Value>) {
    let Some(node) = draft.home(api) else { return };
    let address = code.and_then(|code| lambda::called(draft.world, block.id, code));
    let meaning = "the authorizer's code is shown tokens or headers of the requests";
    let span = code.map_or(block.place(), Value::span);
    let evidence = Evidence::new(CODE.spelling(block.language()), meaning, span);
    let reader = Companion { address, ..Companion::inside(PARTY, evidence, false) };
    draft.companion(node, reader);
}
