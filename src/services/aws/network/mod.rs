//! Who can reach a port from the internet: security groups, public addresses and routes to an internet gateway.
//!
//! What a security group proves is who may connect; it says nothing of TLS.

mod address;
mod cidr;
mod entrance;
mod group;
mod interface;
mod placement;

pub(super) use address::{Address, by_switch, elastic};
pub(super) use entrance::{Entrance, includes_subnet};
pub(super) use group::{GROUP, RULE, openings as group_openings};
pub(super) use interface::{
    INTERFACE, INTERFACE_OF, attached_openings, openings as interface_openings, owners, starts_with_its_own,
};
pub(super) use placement::{subnets_of, vpcs_of};

use crate::services::draft::Opening;
use crate::services::read::{Block, Field};
use crate::services::world::World;
use crate::value::When;

/// The openings of a balancer that faces the internet: without groups of its own nothing that the code shows closes it.
pub(super) fn balancer_openings<'a>(world: &World<'a>, block: &Block<'a>, groups: Field) -> Vec<Opening> {
    if block.has(groups) {
        return group_openings(world, block, groups);
    }
    let evidence = block.defaulted(groups, "no group", "it faces the internet, and no group in the code closes it");
    vec![Opening { evidence: vec![evidence], ..Opening::unguarded() }]
}

/// The openings of something with these addresses behind these groups: both an address and a rule are needed.
/// Groups are looked at only where there may be an address.
pub(super) fn reachable(addresses: &[Address], groups: impl FnOnce() -> Vec<Opening>) -> Vec<Opening> {
    if addresses.is_empty() {
        return Vec::new();
    }
    let groups = groups();
    let mut found = Vec::new();
    for address in settled(addresses) {
        for group in &groups {
            let mut opening = group.clone().under(address.when.as_ref());
            if opening.when.as_ref().is_some_and(|when| !When::satisfiable(when)) {
                continue;
            }
            match &address.value {
                Ok(evidence) => opening.evidence.extend(evidence.iter().cloned()),
                Err(doubt) => opening.doubt = opening.doubt.or_else(|| Some(doubt.clone())),
            }
            found.push(opening);
        }
    }
    found
}

/// The openings of something that names no subnet, and nothing about an address: perhaps it gets one. That goes for what its
/// groups surely let in only; a doubt about both says nothing.
pub(super) fn perhaps_reachable<'a>(
    (switch, associate): (&Block<'a>, Field),
    (placed, subnets): (&Block<'a>, Field),
    groups: impl FnOnce() -> Vec<Opening>,
) -> Vec<Opening> {
    if switch.has(associate) || placed.has(subnets) {
        return Vec::new();
    }
    let certain = groups().into_iter().filter(|opening| opening.doubt.is_none());
    certain.map(|opening| Opening { doubt: Some(address::in_default_vpc(placed)), ..opening }).collect()
}

/// A certain address settles the matter; else all under a condition count, and one that may be there.
fn settled(addresses: &[Address]) -> Vec<Address> {
    let certain = addresses.iter().find(|address| address.when.is_none() && address.value.is_ok());
    if let Some(certain) = certain {
        return vec![certain.clone()];
    }
    let mut doubted = false;
    let kept = addresses.iter().filter(|address| address.value.is_ok() || !std::mem::replace(&mut doubted, true));
    kept.cloned().collect()
}
