//! Listeners that a data source looks up: the rules on it are rules of a listener that other code declares.

use super::listener::{BALANCER_ARN, LISTENER, LISTENER_ARN, RULE, port};
use crate::resource::Mode;
use crate::services::draft::pointing;
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, World};
use crate::value::When;

/// The data source `aws_lb_listener` finds a listener by its ARN, or by its balancer and port. Source: its page in the
/// documentation of the AWS provider.
const ARN: Field = field("arn", "-");

/// Whether the link leads to a listener that this code declares.
pub(super) fn is_declared(world: &World<'_>, link: &Link<'_>) -> bool {
    let is_found = matches!(link, Link::Resource { id, .. } if found(world, *id).is_some());
    is_found || link.declared(world, LISTENER).is_some()
}

/// The rules of a listener, those included that other code adds through a lookup.
pub(super) fn rules<'a>(world: &World<'a>, listener: &Block<'a>) -> Vec<(Block<'a>, Option<When>)> {
    let of = |id: ResourceId| pointing(world, id, RULE, |rule| rule.links(world, LISTENER_ARN));
    let mut rules = of(listener.id);
    for lookup in lookups(world, listener) {
        rules.extend(of(lookup));
    }
    rules
}

/// The data sources that find the listener.
pub(super) fn lookups(world: &World<'_>, listener: &Block<'_>) -> Vec<ResourceId> {
    let mut candidates = world.referrers(listener.id, LISTENER);
    for link in listener.links(world, BALANCER_ARN) {
        if let Link::Resource { id, .. } = link.value {
            candidates.extend(world.referrers(id, LISTENER));
        }
    }
    candidates.sort_unstable();
    candidates.dedup();
    candidates.retain(|id| world.resource(*id).mode == Mode::Data && found(world, *id) == Some(listener.id));
    candidates
}

/// The listener that the data source finds.
fn found(world: &World<'_>, lookup: ResourceId) -> Option<ResourceId> {
    let lookup = world.block(lookup);
    if lookup.owner.mode == Mode::Managed {
        return None;
    }
    let managed = |id: &ResourceId| world.declares(*id, LISTENER);
    let by_arn = lookup.links(world, ARN).into_iter().find_map(|link| link.value.resource());
    if by_arn.is_some() {
        return by_arn.filter(managed);
    }
    let wanted = port(&lookup)?;
    let balancers = lookup.links(world, BALANCER_ARN).into_iter().filter_map(|link| link.value.resource());
    balancers
        .flat_map(|balancer| pointing(world, balancer, LISTENER, |listener| listener.links(world, BALANCER_ARN)))
        .find(|(listener, _)| port(listener) == Some(wanted))
        .map(|(listener, _)| listener.id)
}
