//! What the SAM transform generates and other resources may refer to: function URLs and aliases, and the names of the
//! implicit APIs, which the front end declares itself.

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

/// The resources that a stack's SAM resources would bring. What the template declares itself is left alone.
pub(in crate::services) fn generated(stack: &Stack) -> Vec<Resource> {
    let mut found: BTreeMap<String, Resource> = BTreeMap::new();
    for resource in &stack.resources {
        if &*resource.type_name == "AWS::Serverless::Function" {
            for made in [url(resource), alias(resource)].into_iter().flatten() {
                found.insert(made.address.to_string(), made);
            }
        }
    }
    for resource in &stack.resources {
        found.remove(resource.address.as_str());
    }
    found.into_values().collect()
}

fn url(function: &Resource) -> Option<Resource> {
    let config = function.get("FunctionUrlConfig").filter(|config| !config.is_null())?;
    let mut body = config.as_object().cloned().unwrap_or_default();
    body.insert("TargetFunctionArn".into(), Value::reference(function.address.shared(), "Arn", config.span()));
    Some(made(function, format!("{}Url", function.address), "AWS::Lambda::Url", body, config.span()))
}

fn alias(function: &Resource) -> Option<Resource> {
    let name = function.get("AutoPublishAlias").filter(|name| name.as_str().is_some())?;
    let mut body = Object::new();
    body.insert("FunctionName".into(), Value::reference(function.address.shared(), "", name.span()));
    body.insert("Name".into(), name.clone());
    let address = format!("{}Alias{}", function.address, name.as_str().unwrap_or_default());
    Some(made(function, address, "AWS::Lambda::Alias", body, name.span()))
}

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
    }
}
