//! What the SAM transform makes of a template's resources and other resources, or the paths themselves, go through.

mod connector;
mod event;
mod function;
mod graphql;
mod websocket;

pub(super) use function::own_role;

use crate::resource::{Address, Mode, Resource, Stack};
use crate::source::Span;
use crate::value::{Object, Value};
use std::collections::BTreeMap;

/// The logical id of the API that SAM makes for events that name none.
///
/// Source: "Generated CloudFormation resources" of the SAM guide.
pub(super) fn implicit_api(event_type: &str) -> Option<&'static str> {
    match event_type {
        "Api" => Some("ServerlessRestApi"),
        "HttpApi" => Some("ServerlessHttpApi"),
        _ => None,
    }
}

/// The address of a logical id in the template that declares `address`.
pub(super) fn sibling(address: &str, id: &str) -> String {
    match address.rsplit_once('/') {
        Some((stack, _)) => format!("{stack}/{id}"),
        None => id.to_owned(),
    }
}

/// A stack's own resources by address.
type Declared<'a> = BTreeMap<&'a str, &'a Resource>;

/// The resources that a stack's SAM resources would bring. What the template declares itself is left alone.
pub(in crate::services) fn generated(stack: &Stack) -> Vec<Resource> {
    let declared: Declared<'_> = stack.resources.iter().map(|resource| (resource.address.as_str(), resource)).collect();
    let mut found: BTreeMap<String, Resource> = BTreeMap::new();
    for resource in &stack.resources {
        let more = match &*resource.type_name {
            "AWS::Serverless::Function" => function::made(resource),
            "AWS::Serverless::GraphQLApi" => graphql::made(resource),
            "AWS::Serverless::WebSocketApi" => websocket::made(resource),
            "AWS::Serverless::Connector" => connector::made(resource, &declared),
            _ => continue,
        };
        found.extend(more.into_iter().map(|made| (made.address.to_string(), made)));
    }
    found.retain(|address, _| !declared.contains_key(address.as_str()));
    found.into_values().collect()
}

/// A resource that exists where `owner` does.
fn made(owner: &Resource, address: String, type_name: &str, body: Object, span: Span) -> Resource {
    Resource {
        address: Address::new(address),
        type_name: type_name.into(),
        language: owner.language,
        mode: Mode::Managed,
        exists: owner.exists.clone(),
        body: Value::object(body, span),
        header: span,
        span,
        calls: owner.calls.clone(),
        construct: None,
        account: owner.account.clone(),
        region: owner.region.clone(),
        is_region_open: false,
        provisioned: Vec::new(),
    }
}

/// The properties of a resource that is made.
fn body<const N: usize>(properties: [(&str, Value); N]) -> Object {
    properties.into_iter().map(|(name, value)| (name.into(), value)).collect()
}
