//! WebSocket APIs: the routes with their functions, which SAM writes into the API itself.

use super::{body, made as resource};
use crate::resource::Resource;
use crate::source::Span;
use crate::value::{Kind, Origin, Value};
use std::sync::Arc;

/// Source: `AWS::Serverless::WebSocketApi` as the SAM translator makes it.
pub(super) fn made(api: &Resource) -> Vec<Resource> {
    let routes = api.get("Routes").and_then(Value::as_object);
    routes.into_iter().flatten().flat_map(|(key, route)| pair(api, key, route)).collect()
}

/// A route and its integration.
fn pair(api: &Resource, key: &str, route: &Value) -> [Resource; 2] {
    let span = route.span();
    let base = format!("{}{}", api.address, capitalized(key.trim_start_matches('$')));
    let integration = format!("{base}Integration");
    let mut settings = body([("ApiId", reference(api, span)), ("IntegrationType", Value::string("AWS_PROXY", span))]);
    if let Some(function) = route.get("FunctionArn") {
        settings.insert("IntegrationUri".into(), function.clone());
    }
    let target = vec![Value::string("integrations/", span), Value::reference(integration.as_str(), "", span)];
    let target = Value::new(Kind::Template(Arc::new(target)), Origin::at(span));
    let named = body([("ApiId", reference(api, span)), ("RouteKey", Value::string(key, span)), ("Target", target)]);
    [
        resource(api, format!("{base}Route"), "AWS::ApiGatewayV2::Route", named, span),
        resource(api, integration, "AWS::ApiGatewayV2::Integration", settings, span),
    ]
}

fn reference(api: &Resource, span: Span) -> Value {
    Value::reference(api.address.shared(), "", span)
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase())).collect()
}
