//! Actions of listeners and rules: which target groups a request is forwarded to.

use crate::model::Evidence;
use crate::services::read::{Alternative, Block, Child, Field, Link, Setting, field};
use crate::services::world::World;
use crate::value::When;
use std::sync::Arc;

const TYPE: Field = field("type", "Type");
const TARGET_GROUP_ARN: Field = field("target_group_arn", "TargetGroupArn");
const FORWARD: Field = field("forward", "ForwardConfig");
const FORWARD_GROUPS: Field = field("target_group", "TargetGroups");
const WEIGHT: Field = field("weight", "Weight");
const FORWARD_GROUP_ARN: Field = field("arn", "TargetGroupArn");

/// One target group that a request may be forwarded to.
pub(super) struct Forward<'a> {
    pub to: Link<'a>,
    pub when: Option<When>,
    pub via: Vec<Arc<str>>,
    pub evidence: Vec<Evidence>,
}

/// All forwards of an action list. Redirects, fixed responses and authentication send nothing on by themselves;
/// the list may hold several actions, of which the last forwards.
pub(super) fn forwards<'a>(world: &World<'a>, block: &Block<'a>, actions: Field) -> Vec<Forward<'a>> {
    let mut found: Vec<Forward<'a>> = Vec::new();
    for action in block.children(actions) {
        match action.value {
            Child::Unknown(doubt) => found.push(plain(Link::Unknown(doubt), action.when)),
            Child::Block(action_block) => {
                for (link, when) in groups(world, &action_block) {
                    let when = When::both(action.when.as_ref(), when.as_ref());
                    if !found.iter().any(|known| same_target(&known.to, &link)) {
                        found.push(plain(link, when));
                    }
                }
            }
        }
    }
    found
}

fn plain(to: Link<'_>, when: Option<When>) -> Forward<'_> {
    Forward { to, when, via: Vec::new(), evidence: Vec::new() }
}

fn same_target(first: &Link<'_>, second: &Link<'_>) -> bool {
    matches!((first, second), (Link::Resource { id: first, .. }, Link::Resource { id: second, .. }) if first == second)
}

fn groups<'a>(world: &World<'a>, action: &Block<'a>) -> Vec<(Link<'a>, Option<When>)> {
    let mut found = Vec::new();
    for kind in action.setting(TYPE) {
        match kind.value {
            Setting::Text(text, _) if text != "forward" => {}
            Setting::Unknown(doubt) => found.push((Link::Unknown(doubt), kind.when)),
            _ => found.extend(
                forward_targets(world, action)
                    .into_iter()
                    .map(|target| (target.value, When::both(kind.when.as_ref(), target.when.as_ref()))),
            ),
        }
    }
    found
}

/// `target_group_arn` and the weighted groups; both may name the same group.
fn forward_targets<'a>(world: &World<'a>, action: &Block<'a>) -> Vec<Alternative<Link<'a>>> {
    let mut found = action.links(world, TARGET_GROUP_ARN);
    for config in action.children(FORWARD) {
        let config_block = match config.value {
            Child::Block(block) => block,
            Child::Unknown(doubt) => {
                found.push(Alternative { when: config.when, value: Link::Unknown(doubt) });
                continue;
            }
        };
        for group in config_block.children(FORWARD_GROUPS) {
            match group.value {
                Child::Block(group_block) => {
                    let idle = group_block.idle(WEIGHT);
                    found.extend(group_block.given(idle.as_ref()).links(world, FORWARD_GROUP_ARN));
                }
                Child::Unknown(doubt) => found.push(Alternative { when: group.when, value: Link::Unknown(doubt) }),
            }
        }
    }
    found
}
