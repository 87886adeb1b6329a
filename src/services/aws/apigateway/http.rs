//! HTTP and WebSocket APIs, which SAM writes as `AWS::Serverless::HttpApi` and `AWS::Serverless::WebSocketApi`.

use super::{BODY, BODY_ELSEWHERE, Family, admit, authorizer, domain, fronts, integration, open, openapi, stage};
use crate::model::{Doubt, TlsFloor, TlsVersion};
use crate::services::draft::{Draft, Exposure};
use crate::services::read::{Alternative, Block, Field, field};
use crate::services::world::Types;

const SAM_WEBSOCKET: &str = "AWS::Serverless::WebSocketApi";

pub(super) const API: Types = Types {
    terraform: &["aws_apigatewayv2_api"],
    cloudformation: &["AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi", SAM_WEBSOCKET],
};
pub(super) const INTEGRATION: Types =
    Types { terraform: &["aws_apigatewayv2_integration"], cloudformation: &["AWS::ApiGatewayV2::Integration"] };
const ROUTE: Types = Types { terraform: &["aws_apigatewayv2_route"], cloudformation: &["AWS::ApiGatewayV2::Route"] };

const API_ID: Field = field("api_id", "ApiId");
const PROTOCOL_TYPE: Field = field("protocol_type", "ProtocolType");

/// Whether the API is an HTTP API, and no REST or WebSocket API.
pub(super) fn is_plain_http(api: &Block<'_>) -> bool {
    API.holds(&api.owner.type_name)
        && &*api.owner.type_name != SAM_WEBSOCKET
        && api.text(PROTOCOL_TYPE).is_none_or(|protocol| protocol != "WEBSOCKET")
}

/// "WebSocket APIs and HTTP APIs support only TLS 1.2". Source: "Data protection in Amazon API Gateway".
pub(super) fn describe_api<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let front = open(draft, block, Family::Http, TlsFloor::fixed(TlsVersion::V1_2));
    admit(draft, block, &front, &[Alternative::always(Exposure::Internet)]);
    domain::describe_own(draft, block);
    stage::describe_logging(draft, block.id, block);
    authorizer::describe_sam(draft, block);
    openapi::describe(draft, &front, block, BODY, BODY_ELSEWHERE);
    integration::send_quick(draft, &front, block);
}

/// An integration gets requests from the routes that name it.
pub(super) fn describe_integration<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let routes = draft.world.referrers(block.id, ROUTE);
    let doubt = routes.is_empty().then(|| {
        let address = &block.owner.address;
        Doubt::new(
            format!("the routes of {address}"),
            format!("no route in this code uses {address}"),
            "lint the code that declares the routes together with this code",
            Some(block.owner.header),
        )
    });
    for mut front in fronts(draft, block, API_ID, Family::Http) {
        front.via = routes.iter().map(|route| draft.world.address(*route)).chain(front.via).collect();
        front.doubt = doubt.clone();
        integration::send(draft, &front, block, &integration::HTTP);
    }
}
