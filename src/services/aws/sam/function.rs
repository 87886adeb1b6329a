//! Functions: their URL, their alias, and the role that SAM makes for those without one.

use super::{body, event, made as resource};
use crate::resource::Resource;
use crate::services::read::{Block, Field, field};
use crate::services::world::{ResourceId, World};
use crate::value::Value;

const ROLE: Field = field("-", "Role");

/// The logical id of the role that SAM makes. Source: "Generated CloudFormation resources" of the SAM guide.
pub(super) fn role_address(function: &Resource) -> String {
    format!("{}Role", function.address)
}

/// The role that SAM makes for a function, which holds the function's policies.
pub(in crate::services::aws) fn own_role(world: &World<'_>, function: &Block<'_>) -> Option<ResourceId> {
    let without = &*function.owner.type_name == "AWS::Serverless::Function" && !function.has(ROLE);
    without.then(|| world.find(function.id, &role_address(function.owner))).flatten()
}

pub(super) fn made(function: &Resource) -> Vec<Resource> {
    let own = [url(function), alias(function), role(function)].into_iter().flatten();
    own.chain(event::made(function)).collect()
}

fn url(function: &Resource) -> Option<Resource> {
    let config = function.get("FunctionUrlConfig").filter(|config| !config.is_null())?;
    let mut settings = config.as_object().cloned().unwrap_or_default();
    settings.insert("TargetFunctionArn".into(), Value::reference(function.address.shared(), "Arn", config.span()));
    Some(resource(function, format!("{}Url", function.address), "AWS::Lambda::Url", settings, config.span()))
}

fn alias(function: &Resource) -> Option<Resource> {
    let name = function.get("AutoPublishAlias").filter(|name| name.as_str().is_some())?;
    let of = Value::reference(function.address.shared(), "", name.span());
    let address = format!("{}Alias{}", function.address, name.as_str().unwrap_or_default());
    let settings = body([("FunctionName", of), ("Name", name.clone())]);
    Some(resource(function, address, "AWS::Lambda::Alias", settings, name.span()))
}

/// Only where SAM makes the role do the function's `Policies` count. Source: the SAM translator.
fn role(function: &Resource) -> Option<Resource> {
    if function.get("Role").is_some_and(|role| !role.is_null()) {
        return None;
    }
    let policies = function.get("Policies");
    let settings = policies.map(|policies| body([("Policies", policies.clone())])).unwrap_or_default();
    let span = policies.map_or(function.header, Value::span);
    Some(resource(function, role_address(function), "AWS::IAM::Role", settings, span))
}
