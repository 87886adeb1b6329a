//! Code that could not be read: a module or nested template that is not on disk, a file with errors. What it was given,
//! or what stands beside it, may have ways that nobody sees.

use super::draft::{Destination, Draft, Lead, Place};
use super::world::{ResourceId, Types, World};
use crate::model::{Doubt, NodeId};
use crate::resource::{Language, Mode, UNREAD_CODE};

/// Code that is not on disk.
pub(super) const UNREAD: Types = Types { terraform: &[UNREAD_CODE], cloudformation: &[] };
const NESTED: Types =
    Types { terraform: &[], cloudformation: &["AWS::CloudFormation::Stack", "AWS::Serverless::Application"] };
/// Stacks that are made of a template which a resource holds or names: it is not looked into.
const STACK: Types = Types {
    terraform: &[
        "aws_cloudformation_stack",
        "aws_cloudformation_stack_set",
        "aws_servicecatalog_provisioned_product",
        "aws_serverlessapplicationrepository_cloudformation_stack",
    ],
    cloudformation: &["AWS::CloudFormation::StackSet", "AWS::ServiceCatalog::CloudFormationProvisionedProduct"],
};
/// How the types of CloudFormation's modules end.
const MODULE: &str = "::MODULE";

/// Runs after all services: nodes, leads and pools are known then.
pub(super) fn describe(draft: &mut Draft<'_>) {
    for (stranger, why) in strangers(draft.world) {
        hand_over(draft, stranger, why);
    }
    describe_errors(draft);
}

/// All code that is not there, and why it is not.
fn strangers(world: &World<'_>) -> Vec<(ResourceId, &'static str)> {
    let mut all = world.of_types(UNREAD);
    all.extend(world.of_types(NESTED));
    all.extend(world.of_types(STACK));
    all.extend(world.ending_with(MODULE));
    all.into_iter().filter_map(|id| Some((id, why_unread(world, id)?))).collect()
}

/// Why what the resource stands for is not there; `None` for what is.
fn why_unread(world: &World<'_>, id: ResourceId) -> Option<&'static str> {
    let resource = world.resource(id);
    if UNREAD.holds(&resource.type_name) {
        return Some("its code is not on disk");
    }
    if resource.mode == Mode::Data {
        return None;
    }
    if NESTED.holds(&resource.type_name) {
        let unresolved = &world.stack_of(id).unresolved;
        let is_unread = unresolved.iter().any(|(unread, _)| *unread == resource.address);
        return is_unread.then_some("its template is not on disk");
    }
    if STACK.holds(&resource.type_name) {
        return Some("its template is not read");
    }
    resource.type_name.ends_with(MODULE).then_some("modules of CloudFormation are not read")
}

/// Why code that is not there may use the resource.
pub(super) fn handed(world: &World<'_>, target: ResourceId) -> Vec<Doubt> {
    let strangers = world.referrers_that(target, |id| why_unread(world, id).is_some()).into_iter();
    strangers.filter_map(|id| Some(doubt(world, id, target, why_unread(world, id)?))).collect()
}

fn doubt(world: &World<'_>, stranger: ResourceId, target: ResourceId, why: &str) -> Doubt {
    let (code, handed) = (world.address(stranger), world.address(target));
    let message = format!("{code} is given {handed}, and {why}");
    let how = match world.resource(stranger).language {
        Language::Terraform => "terraform init",
        Language::CloudFormation => "the template beside this one, or --template-dir",
    };
    let settle = format!("bring {code} onto disk ({how})");
    Doubt::new(&*code, message, settle, Some(world.resource(stranger).header))
}

/// Everything that the unread code is given may be used by it: nodes, what leads to them, and what collects targets.
fn hand_over(draft: &mut Draft<'_>, stranger: ResourceId, why: &str) {
    for target in draft.world.pointed_to(stranger) {
        let doubt = doubt(draft.world, stranger, target, why);
        if draft.is_pool(target) {
            let to = Destination { place: Place::Outside(doubt.what.clone(), Some(doubt.clone())), port: None };
            draft.lead(target, Lead::to(to, None));
        }
        for node in nodes_of(draft, target) {
            draft.unread(node, doubt.clone());
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

/// A stack with an error, or with code that only deployment carries out, may lack anything that its code declares.
fn describe_errors(draft: &mut Draft<'_>) {
    for node in draft.model.node_ids().collect::<Vec<_>>() {
        let Some(stack) = draft.model.node(node).stack.clone() else { continue };
        if let Some(problem) = draft.world.blind_spot(&stack) {
            let message = format!("a part of the code could not be read: {}", problem.message);
            let settle = problem.help.as_deref().filter(|_| problem.hides).unwrap_or("mend the error");
            let doubt = Doubt::new(format!("all of {stack}"), message, settle, problem.span);
            draft.unread(node, doubt);
        }
    }
}
