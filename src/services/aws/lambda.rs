//! Lambda: the function is the node; its URL, versions and aliases are ways to it.

use crate::model::{Accepts, Companion, Evidence, Face, NodeKind, Operator, TlsFloor};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, NodeFacts};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};
use std::sync::Arc;

pub(super) static SERVICES: &[Service] = &[
    Service { types: FUNCTION, describe: describe_function },
    Service { types: URL, describe: describe_url },
    Service { types: QUALIFIED, describe: describe_qualified },
];

pub(super) const FUNCTION: Types = Types {
    terraform: &["aws_lambda_function"],
    cloudformation: &["AWS::Lambda::Function", "AWS::Serverless::Function"],
};
const URL: Types = Types { terraform: &["aws_lambda_function_url"], cloudformation: &["AWS::Lambda::Url"] };
const QUALIFIED: Types =
    Types { terraform: &["aws_lambda_alias"], cloudformation: &["AWS::Lambda::Alias", "AWS::Lambda::Version"] };

const NAME: Field = field("function_name", "FunctionName");
pub(super) const ROLE: Field = field("role", "Role");
/// What the SAM transform puts into the role that it makes.
pub(super) const SAM_POLICIES: Field = field("-", "Policies");
const TARGET: Field = field("function_name", "TargetFunctionArn|FunctionName");

/// Whether resources of the type are a function or lead to one.
pub(super) fn is_invocable(type_name: &str) -> bool {
    FUNCTION.holds(type_name) || QUALIFIED.holds(type_name)
}

/// The functions of the stack of `from` with this name, which may stand at the end of an ARN and before a qualifier.
pub(super) fn named(world: &World<'_>, from: ResourceId, text: &str) -> Vec<ResourceId> {
    let name = text.split_once(":function:").map_or(text, |(_, name)| name);
    let name = name.split([':', '/']).next().unwrap_or(name);
    let mut found = world.named(from, FUNCTION, &["function_name", "FunctionName"], name);
    found.retain(|id| world.may_be_called(*id, text));
    found
}

/// The functions or qualified functions that a field points to, by reference or by name.
pub(super) fn pointed_to<'a>(world: &World<'a>, block: &Block<'a>, field: Field) -> Vec<(ResourceId, Option<When>)> {
    let mut found = Vec::new();
    for link in block.links(world, field) {
        let ids = match &link.value {
            Link::Resource { id, .. } => vec![*id],
            Link::Text(text, _) => named(world, block.id, text),
            _ => Vec::new(),
        };
        found.extend(ids.into_iter().map(|id| (id, link.when.clone())));
    }
    found
}

/// The address of the function of this code that a value calls, by reference or by the ARN at the value's end.
pub(super) fn called(world: &World<'_>, from: ResourceId, value: &Value) -> Option<Arc<str>> {
    let references = value.references().into_iter().filter_map(|reference| world.find(from, &reference.target));
    let referred = references.into_iter().find(|id| is_invocable(&world.resource(*id).type_name));
    let by_name = || {
        let text = value.as_str()?;
        let arn = text.rfind("arn:").and_then(|at| text.get(at..)).unwrap_or(text);
        named(world, from, arn).first().copied()
    };
    let function = referred.or_else(by_name).and_then(|id| function_of(world, id))?;
    Some(world.address(function))
}

fn describe_function<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.name(block, NAME, "lambda", "function:");
    let node = draft.node(
        block,
        NodeFacts {
            kind: NodeKind::Function,
            operator: Operator::Customer,
            party: "the function",
            why: "runs the application; the Lambda service hands it the request",
        },
    );
    let meaning = "the Lambda service ends TLS and hands the function the request as an event";
    draft.companion(
        node,
        Companion::front("the Lambda service", Evidence::new("function", meaning, block.owner.header)),
    );
    let face = Face::always(Accepts::Tls { floor: TlsFloor::unknown(), evidence: Vec::new() });
    draft.listen(node, None, vec![face]);
}

/// A function URL is `https://` only, and its TLS ends in the Lambda service. Source: "Lambda function URLs".
fn describe_url<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for (id, when) in pointed_to(draft.world, block, TARGET) {
        draft.stand_for(block.id, Destination::resource(id));
        let when = When::both(block.owner.exists.when(), when.as_ref());
        let Some(listener) = function_of(draft.world, id).and_then(|function| draft.front(function)) else { continue };
        let meaning = "the function has a URL of its own, which is HTTPS only";
        let evidence = vec![Evidence::new("function URL", meaning, block.owner.header)];
        draft.admit(Entry { listener, exposure: Exposure::Internet, when, evidence });
    }
}

/// The function itself, or the one that an alias or a version belongs to.
fn function_of(world: &World<'_>, id: ResourceId) -> Option<ResourceId> {
    let block = world.block(id);
    if QUALIFIED.holds(&block.owner.type_name) {
        return pointed_to(world, &block, TARGET).first().map(|(function, _)| *function);
    }
    Some(id)
}

fn describe_qualified<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for (id, _) in pointed_to(draft.world, block, TARGET) {
        draft.stand_for(block.id, Destination::resource(id));
    }
}
