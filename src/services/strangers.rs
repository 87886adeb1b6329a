//! Code that could not be read: a module or nested template that is not on disk, a file with errors. What it was given,
//! or what stands beside it, may have ways that nobody sees.

use super::draft::{Destination, Draft, Lead, Place};
use super::world::{ResourceId, Types};
use crate::diagnostic::Severity;
use crate::model::{Doubt, NodeId};
use crate::resource::{Resource, UNREAD_CODE};
use std::collections::BTreeSet;

const UNREAD: Types = Types { terraform: &[UNREAD_CODE], cloudformation: &[] };
const NESTED: Types =
    Types { terraform: &[], cloudformation: &["AWS::CloudFormation::Stack", "AWS::Serverless::Application"] };

/// Runs after all services: nodes, leads and pools are known then.
pub(super) fn describe(draft: &mut Draft<'_>) {
    for id in draft.world.of_types(UNREAD) {
        hand_over(draft, id, "its code is not on disk", "terraform init");
    }
    for id in draft.world.of_types(NESTED) {
        let address = &draft.world.resource(id).address;
        let unresolved = &draft.world.stack_of(id).unresolved;
        if unresolved.iter().any(|(unread, _)| unread == address) {
            hand_over(draft, id, "its template is not on disk", "a local path, or --template-dir");
        }
    }
    describe_errors(draft);
}

/// Everything that the unread code is given may be used by it: nodes, what leads to them, and what collects targets.
fn hand_over(draft: &mut Draft<'_>, stranger: ResourceId, why: &str, how: &str) {
    let resource: &Resource = draft.world.resource(stranger);
    let given: BTreeSet<ResourceId> = resource
        .body
        .references()
        .into_iter()
        .filter_map(|reference| draft.world.find(stranger, &reference.target))
        .collect();
    for target in given {
        let (code, handed) = (&resource.address, draft.world.address(target));
        let message = format!("{code} is given {handed}, and {why}");
        let settle = format!("bring {code} onto disk ({how})");
        let doubt = Doubt::new(code.as_str(), message, settle, Some(resource.header));
        if draft.is_pool(target) {
            let to = Destination { place: Place::Outside(code.to_string(), Some(doubt.clone())), port: None };
            draft.lead(target, Lead { to, via: Vec::new(), when: None, evidence: Vec::new() });
        }
        for node in nodes_of(draft, target) {
            draft.stranger(node, doubt.clone());
        }
    }
}

/// The node that a resource is or directly leads to.
fn nodes_of(draft: &Draft<'_>, id: ResourceId) -> Vec<NodeId> {
    let behind = draft.leads_of(id).iter().filter_map(|lead| match lead.to.place {
        Place::Resource(next) => draft.home(next),
        _ => None,
    });
    draft.home(id).into_iter().chain(behind).collect()
}

/// A stack with an error may lack anything that its code declares.
fn describe_errors(draft: &mut Draft<'_>) {
    for node in draft.model.node_ids().collect::<Vec<_>>() {
        let Some(stack) = draft.model.node(node).stack.clone() else { continue };
        if let Some(problem) = draft.world.first_problem(&stack, Severity::Error) {
            let message = format!("a part of the code could not be read: {}", problem.message);
            let doubt = Doubt::new(format!("all of {stack}"), message, "mend the error", problem.span);
            draft.stranger(node, doubt);
        }
    }
}
