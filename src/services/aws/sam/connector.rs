//! Connectors: the policies that they attach to the roles of functions.

use super::function::role_address;
use super::{Declared, body, made as resource, sibling};
use crate::resource::Resource;
use crate::services::aws::lambda::FUNCTION;
use crate::source::Span;
use crate::value::Value;

/// One policy for each destination, with the other end as what it speaks of. A function that is the source gets it, else one
/// that is the destination: it reads from a queue or a table's stream. Source: "AWS SAM connector reference".
pub(super) fn made(connector: &Resource, declared: &Declared<'_>) -> Vec<Resource> {
    let Some((source, destination)) = connector.get("Source").zip(connector.get("Destination")) else {
        return Vec::new();
    };
    let several = destination.as_list();
    let destinations = several.unwrap_or(std::slice::from_ref(destination));
    let mut found = Vec::new();
    for (number, destination) in destinations.iter().enumerate() {
        let (from, to) = (role(connector, source, declared), role(connector, destination, declared));
        let (Some(role), other) = (if from.is_some() { (from, destination) } else { (to, source) }) else { continue };
        let Some(spoken_of) = named(connector, other) else { continue };
        let name = match several {
            Some(_) => format!("{}Destination{number}Policy", connector.address),
            None => format!("{}Policy", connector.address),
        };
        let span = destination.span();
        let settings = body([("Roles", list(role, span)), ("PolicyDocument", list(spoken_of, span))]);
        found.push(resource(connector, name, "AWS::IAM::ManagedPolicy", settings, span));
    }
    found
}

fn list(only: Value, span: Span) -> Value {
    Value::list(vec![only], span)
}

/// The role of an end: the one that it names, or that of the function whose id it holds.
fn role(connector: &Resource, end: &Value, declared: &Declared<'_>) -> Option<Value> {
    if let Some(name) = end.get("RoleName") {
        return Some(name.clone());
    }
    let id = end.get("Id")?;
    let address = sibling(connector.address.as_str(), id.as_str()?);
    let function = declared.get(address.as_str()).filter(|end| FUNCTION.holds(&end.type_name))?;
    match function.get("Role").filter(|role| !role.is_null()) {
        Some(role) => Some(role.clone()),
        None => Some(Value::reference(role_address(function), "", id.span())),
    }
}

/// What an end is: the resource with its id, or its ARN.
fn named(connector: &Resource, end: &Value) -> Option<Value> {
    match end.get("Id").and_then(|id| Some((id.as_str()?, id.span()))) {
        Some((id, span)) => Some(Value::reference(sibling(connector.address.as_str(), id), "Arn", span)),
        None => end.get("Arn").cloned(),
    }
}
