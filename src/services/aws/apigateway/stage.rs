//! Stages and deployments: names for the API, with the variables and the logging of its integrations.

use super::http;
use crate::model::{Companion, Doubt};
use crate::services::draft::{Destination, Draft};
use crate::services::read::{Alternative, Block, Field, Link, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Kind, Value};

pub(super) const STAGE: Types = Types {
    terraform: &[
        "aws_api_gateway_stage",
        "aws_api_gateway_deployment",
        "aws_api_gateway_method_settings",
        "aws_apigatewayv2_stage",
        "aws_apigatewayv2_deployment",
    ],
    cloudformation: &[
        "AWS::ApiGateway::Stage",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGatewayV2::Stage",
        "AWS::ApiGatewayV2::Deployment",
    ],
};

const API_ID: Field = field("rest_api_id|api_id", "RestApiId|ApiId");
const VARIABLES: Field = field("variables|stage_variables", "Variables|StageVariables");
/// A canary is a part of the requests that may get other values.
const CANARY: Field = field("canary_settings", "CanarySetting|DeploymentCanarySettings");
const OVERRIDES: Field = field("stage_variable_overrides", "StageVariableOverrides");
const DESCRIPTION: Field = field("-", "StageDescription");
static SETTINGS: [Field; 3] = [
    field("settings", "MethodSettings"),
    field("default_route_settings", "DefaultRouteSettings"),
    field("route_settings", "-"),
];
const ROUTES: Field = field("-", "RouteSettings");
const TRACE: Field = field("data_trace_enabled", "DataTraceEnabled");
const LEVEL: Field = field("logging_level", "LoggingLevel");

pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, API_ID) {
        if let Link::Resource { id, .. } = link.value {
            draft.stand_for(block.id, Destination::resource(id));
            describe_logging(draft, id, block);
        }
    }
}

/// Data traces exist for REST and WebSocket APIs only; the switch means nothing on an HTTP API.
pub(super) fn describe_logging<'a>(draft: &mut Draft<'a>, api: ResourceId, block: &Block<'a>) {
    if http::is_plain_http(&draft.world.block(api)) {
        return;
    }
    let Some(node) = draft.home(api) else { return };
    let party = "the API Gateway execution log";
    let mut settings = draft.readers(node, block, &[DESCRIPTION], party);
    for holder in std::iter::once(block.clone()).chain(settings.clone()) {
        settings.extend(SETTINGS.iter().flat_map(|field| draft.readers(node, &holder, &[*field], party)));
    }
    let routes = block.get(ROUTES).and_then(Value::as_object);
    settings.extend(routes.into_iter().flat_map(|routes| routes.values()).map(|value| block.of(value)));
    let meaning = "whole requests and responses are written to the log";
    for settings in settings {
        if let Some((evidence, certain)) = settings.switched_on(TRACE, "true", meaning) {
            draft.companion(node, Companion::inside(party, evidence, certain && surely_logs(&settings)));
        }
    }
}

/// Whether the log is surely written: a level that is left out is `OFF` by default.
fn surely_logs(settings: &Block<'_>) -> bool {
    settings.setting(LEVEL).iter().all(|level| match &level.value {
        Setting::Text(level, _) => level != "OFF",
        Setting::Absent | Setting::Unknown(_) => false,
    })
}

const REFERENCE: &str = "${stageVariables.";

/// The links of a value; a stage variable is replaced by what the API's stages set it to.
pub(super) fn links<'a>(world: &World<'a>, api: ResourceId, block: &Block<'a>) -> Vec<Alternative<Link<'a>>> {
    let mut found = Vec::new();
    for link in block.own_links(world) {
        match &link.value {
            Link::Text(text, value) if text.contains(REFERENCE) => found.extend(variable(world, api, text, value)),
            _ => found.push(link),
        }
    }
    found
}

/// What the stages of an API set the first variable in a text to.
pub(super) fn variable<'a>(
    world: &World<'a>,
    api: ResourceId,
    text: &str,
    value: &Value,
) -> Vec<Alternative<Link<'a>>> {
    let name = text.split_once(REFERENCE).and_then(|(_, rest)| rest.split_once('}')).map_or(text, |(name, _)| name);
    let mut found = Vec::new();
    for id in std::iter::once(api).chain(world.referrers(api, STAGE)) {
        let block = world.block(id);
        let canaries = block.known_blocks(CANARY);
        let unread = block.unknown_along(&[CANARY]).into_iter();
        found.extend(unread.map(|doubt| Alternative::always(Link::Unknown(doubt))));
        let overrides = canaries.iter().filter_map(|canary| canary.get(OVERRIDES));
        let variables = block.get(VARIABLES).into_iter().chain(overrides);
        let set = variables.filter_map(|variables| variables.get(name));
        for set in set.filter(|set| !matches!(set.kind, Kind::Null)) {
            found.extend(block.of(set).own_links(world));
        }
    }
    if found.is_empty() {
        let what = format!("stageVariables.{name}");
        let message = format!("{what} is set in no stage of this code");
        let doubt = Doubt::new(what, message, "set the variable in the stage", Some(value.span()));
        found.push(Alternative::always(Link::Unknown(doubt)));
    }
    found
}
