//! Stores whose security groups let a caller's group in.

use super::super::network::{GROUP, RULE};
use crate::model::Evidence;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use std::collections::BTreeMap;

const INGRESS: Field = field("ingress", "SecurityGroupIngress");
const RULE_OF: Field = field("security_group_id", "GroupId|GroupName");
const DIRECTION: Field = field("type", "-");
const SOURCES: [Field; 2] = [
    field("security_groups|source_security_group_id|referenced_security_group_id", "SourceSecurityGroupId"),
    field("-", "SourceSecurityGroupName"),
];

/// The stores of the types that let one of the groups in, with the rule that does.
pub(super) fn let_in<'a>(world: &World<'a>, groups: &[Block<'a>], stores: Types) -> BTreeMap<ResourceId, Evidence> {
    let mut found = BTreeMap::new();
    let mine = groups.iter().flat_map(|groups| groups.resources(world, field("", "")));
    for group in mine.filter(|id| GROUP.holds(&world.resource(*id).type_name)) {
        for (guarded, evidence) in guarded_by(world, group) {
            for store in world.referrers(guarded, stores) {
                found.entry(store).or_insert_with(|| evidence.clone());
            }
        }
    }
    found
}

/// The groups with a rule that lets `caller` in.
fn guarded_by(world: &World<'_>, caller: ResourceId) -> Vec<(ResourceId, Evidence)> {
    let mut found = Vec::new();
    for id in world.referrers(caller, GROUP) {
        for rule in world.block(id).known_blocks(INGRESS) {
            found.extend(source(world, &rule, caller).map(|evidence| (id, evidence)));
        }
    }
    for id in world.referrers(caller, RULE) {
        let rule = world.block(id);
        if rule.text(DIRECTION).is_some_and(|direction| direction == "egress") {
            continue;
        }
        if let Some(evidence) = source(world, &rule, caller) {
            let guarded = rule.resources(world, RULE_OF);
            found.extend(guarded.into_iter().map(|group| (group, evidence.clone())));
        }
    }
    found
}

/// The evidence that a rule names the caller's group as a source.
fn source(world: &World<'_>, rule: &Block<'_>, caller: ResourceId) -> Option<Evidence> {
    for field in SOURCES {
        for link in rule.links(world, field) {
            if let Link::Resource { id, value, .. } = link.value
                && id == caller
            {
                let fact = value.as_reference().map_or_else(|| "security group".to_owned(), |found| found.text());
                let meaning = "the store's security group lets the caller connect";
                return Some(Evidence::new(fact, meaning, value.span()).along(value));
            }
        }
    }
    None
}
