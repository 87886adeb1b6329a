//! What the SAM transform generates and other resources may refer to: function URLs, aliases, and the implicit APIs of events.

use crate::resource::{Address, Existence, Mode, Resource, Stack};
use crate::source::Span;
use crate::value::{Formula, Object, Value, When};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Types whose events may bring an API of their own.
const EVENT_OWNERS: [&str; 2] = ["AWS::Serverless::Function", "AWS::Serverless::StateMachine"];

/// An API that SAM makes for events that name none.
pub(super) struct ImplicitApi {
    pub id: &'static str,
    type_name: &'static str,
}

/// Source: "Generated CloudFormation resources" of the SAM guide.
pub(super) fn implicit_api(event_type: &str) -> Option<ImplicitApi> {
    match event_type {
        "Api" => Some(ImplicitApi { id: "ServerlessRestApi", type_name: "AWS::Serverless::Api" }),
        "HttpApi" => Some(ImplicitApi { id: "ServerlessHttpApi", type_name: "AWS::Serverless::HttpApi" }),
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
        if EVENT_OWNERS.contains(&&*resource.type_name) {
            add_implicit_apis(resource, &mut found);
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

fn add_implicit_apis(owner: &Resource, found: &mut BTreeMap<String, Resource>) {
    let Some(events) = owner.get("Events").and_then(Value::as_object) else { return };
    for event in events.values() {
        let Some(kind) = event.get("Type") else { continue };
        let Some(api) = kind.as_str().and_then(implicit_api) else { continue };
        let properties = event.get("Properties");
        let names = |key: &str| properties.and_then(|properties| properties.get(key)).is_some_and(|id| !id.is_null());
        if names("RestApiId") || names("ApiId") {
            continue;
        }
        let address = sibling(owner.address.as_str(), api.id);
        match found.get_mut(&address) {
            Some(known) => known.exists = either(&known.exists, &owner.exists),
            None => {
                let resource = made(owner, address.clone(), api.type_name, Object::new(), kind.span());
                found.insert(address, resource);
            }
        }
    }
}

fn either(first: &Existence, second: &Existence) -> Existence {
    match (first.when(), second.when()) {
        (Some(first), Some(second)) if first == second => Existence::Conditional(first.clone()),
        (Some(first), Some(second)) => {
            let formula = Formula::Any(vec![Arc::clone(first.formula()), Arc::clone(second.formula())]);
            Existence::Conditional(When::new(format!("{} || {}", first.text(), second.text()), formula))
        }
        _ => Existence::Certain,
    }
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
