//! AWS WAF: no hop of its own. Its log holds the headers of the requests that it looks at.

use crate::model::{Companion, Evidence, NodeId};
use crate::services::Service;
use crate::services::draft::{Draft, Place};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types};

pub(super) static SERVICES: &[Service] = &[Service { types: LOGGING, describe: describe_logging }];

const LOGGING: Types = Types {
    terraform: &["aws_wafv2_web_acl_logging_configuration"],
    cloudformation: &["AWS::WAFv2::LoggingConfiguration"],
};
const ASSOCIATION: Types =
    Types { terraform: &["aws_wafv2_web_acl_association"], cloudformation: &["AWS::WAFv2::WebACLAssociation"] };
const DISTRIBUTION: Types = Types {
    terraform: &["aws_cloudfront_distribution", "aws_cloudfront_multitenant_distribution"],
    cloudformation: &["AWS::CloudFront::Distribution"],
};

const RESOURCE_ARN: Field = field("resource_arn", "ResourceArn");

/// Headers and addresses are in the log, bodies are not: it may hold what a claim is about.
fn describe_logging<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for acl in block.links(draft.world, RESOURCE_ARN) {
        let Link::Resource { id, .. } = acl.value else { continue };
        for node in guarded(draft, id) {
            let meaning = "the log of AWS WAF holds the headers of the requests";
            let evidence = Evidence::new("WAF logging", meaning, block.owner.header);
            draft.companion(node, Companion::inside("the WAF log", evidence, false));
        }
    }
}

/// The nodes whose requests the web ACL looks at.
fn guarded(draft: &Draft<'_>, acl: ResourceId) -> Vec<NodeId> {
    let mut found: Vec<NodeId> =
        draft.world.referrers(acl, DISTRIBUTION).into_iter().filter_map(|id| draft.home(id)).collect();
    for association in draft.world.referrers(acl, ASSOCIATION) {
        for target in draft.world.block(association).links(draft.world, RESOURCE_ARN) {
            found.extend(spoken_of(draft, association, &target.value));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The nodes that an ARN is about. CloudFormation puts the ARN of a stage together from the API and the stage.
fn spoken_of(draft: &Draft<'_>, from: ResourceId, link: &Link<'_>) -> Vec<NodeId> {
    match link {
        Link::Resource { id, .. } => node_of(draft, *id).into_iter().collect(),
        Link::Template(_, value) => {
            let references = value.references();
            let targets = references.iter().filter_map(|reference| draft.world.find(from, &reference.target));
            targets.filter_map(|id| node_of(draft, id)).collect()
        }
        Link::Text(..) | Link::Outside(..) | Link::Unknown(_) => Vec::new(),
    }
}

/// A stage stands for its API.
fn node_of(draft: &Draft<'_>, id: ResourceId) -> Option<NodeId> {
    let behind = || {
        draft.leads_of(id).iter().find_map(|lead| match lead.to.place {
            Place::Resource(next) => draft.home(next),
            _ => None,
        })
    };
    draft.home(id).or_else(behind)
}
