//! Lambda authorizers: code that is shown the token, or the headers, the path and the query of a request, and never its body.
//!
//! Source: "Use API Gateway Lambda authorizers". Authorizers for JWT and user pools are checked by the service itself.

use crate::model::{Companion, Evidence};
use crate::services::draft::Draft;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::Types;
use crate::value::Value;

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

pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let by_service = block.text(TYPE).is_some_and(|kind| matches!(kind.as_str(), "JWT" | "COGNITO_USER_POOLS"));
    if by_service || draft.world.referrers(block.id, ASKS).is_empty() {
        return;
    }
    let code = block.get(CODE);
    let called = code.map(Value::references).unwrap_or_default();
    let address = called.iter().find_map(|reference| draft.world.find(block.id, &reference.target));
    let address = address.map(|function| draft.world.address(function));
    for api in block.links(draft.world, API_ID) {
        let Link::Resource { id, .. } = api.value else { continue };
        let Some(node) = draft.home(id) else { continue };
        let span = code.map_or(block.owner.header, Value::span);
        let meaning = "the authorizer's code is shown tokens or headers of the requests";
        let evidence = Evidence::new(CODE.spelling(block.language()), meaning, span);
        let reader = Companion::inside("the Lambda authorizer", evidence, false);
        draft.companion(node, Companion { address: address.clone(), ..reader });
    }
}
