//! Elastic Load Balancing v2: application, network and gateway load balancers.
//!
//! A balancer is the node; listeners, rules, target groups and attachments are evidence on its hops.

mod actions;
mod conditions;
mod listener;
mod looked_up;
mod target_group;

pub(super) use target_group::{TARGET_GROUP, describe_uncalled, port_of as port_of_target_group};

use super::network;
use crate::model::{Doubt, NodeKind, Operator};
use crate::services::Service;
use crate::services::draft::{Draft, Exposure, NodeFacts, Opening, pointing};
use crate::services::read::{Alternative, Block, Field, Setting, field};
use crate::services::world::{Types, World};

pub(super) static SERVICES: &[Service] = &[
    Service { types: BALANCER, describe: describe_balancer },
    Service { types: target_group::TARGET_GROUP, describe: target_group::describe },
    Service { types: target_group::ATTACHMENT, describe: target_group::describe_attachment },
    Service { types: listener::LISTENER, describe: listener::describe_reference },
    Service { types: listener::RULE, describe: listener::describe_rule },
];

pub(super) const BALANCER: Types =
    Types { terraform: &["aws_lb", "aws_alb"], cloudformation: &["AWS::ElasticLoadBalancingV2::LoadBalancer"] };

const NAME: Field = field("name", "Name");
const TYPE: Field = field("load_balancer_type", "Type");
const INTERNAL: Field = field("internal", "Scheme");
const SECURITY_GROUPS: Field = field("security_groups", "SecurityGroups");

/// What kind of balancer it is decides what its protocols mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Application,
    Network,
    Gateway,
}

impl Family {
    /// What stands before the name in the balancer's ARN.
    fn in_arn(self) -> &'static str {
        match self {
            Self::Application => "loadbalancer/app/",
            Self::Network => "loadbalancer/net/",
            Self::Gateway => "loadbalancer/gwy/",
        }
    }
}

/// Default `application` in both languages.
fn family(block: &Block<'_>) -> Result<Family, Doubt> {
    match block.setting(TYPE).as_slice() {
        [Alternative { value: Setting::Absent, .. }] => Ok(Family::Application),
        [Alternative { value: Setting::Text(text, value), .. }] => match text.as_str() {
            "application" => Ok(Family::Application),
            "network" => Ok(Family::Network),
            "gateway" => Ok(Family::Gateway),
            _ => Err(Doubt::new(
                text,
                format!("{text} is no type of load balancer that e2e-lint knows"),
                "use application, network or gateway",
                Some(value.span()),
            )),
        },
        [Alternative { value: Setting::Unknown(doubt), .. }, ..] => Err(doubt.clone()),
        _ => Err(Doubt::new(
            format!("the type of {}", block.owner.address),
            format!("the type of {} depends on a condition", block.owner.address),
            "give the condition a value",
            Some(block.owner.header),
        )),
    }
}

fn describe_balancer<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let listeners = pointing(draft.world, block.id, listener::LISTENER, |listener| {
        listener.links(draft.world, listener::BALANCER_ARN)
    });
    let family = family(block);
    if let Ok(family) = &family {
        draft.name(block, NAME, "elasticloadbalancing", family.in_arn());
    }
    let terminates = match &family {
        Ok(Family::Application) | Err(_) => true,
        Ok(Family::Network) => listeners.iter().any(|(listener, _)| listener::may_terminate(listener)),
        Ok(Family::Gateway) => false,
    };
    let facts = if terminates {
        NodeFacts {
            kind: NodeKind::Proxy,
            operator: Operator::Aws,
            party: "the load balancer",
            why: "ends the client's connection and opens a new one to the targets",
        }
    } else {
        NodeFacts {
            kind: NodeKind::PassThrough,
            operator: Operator::Aws,
            party: "the network load balancer",
            why: "passes the bytes on without opening them",
        }
    };
    let node = draft.node(block, facts);
    // Application balancers open whatever they speak.
    if !matches!(family, Ok(Family::Application)) {
        draft.may_pass(node);
    }
    draft.guard(node, openings(draft.world, block));
    for (listener, when) in listeners {
        // A gateway balancer is reached through its endpoints and faces nobody.
        let exposures = if matches!(family, Ok(Family::Gateway)) { Vec::new() } else { exposures(block) };
        listener::describe(draft, exposures, &family, node, (&listener, when.as_ref()));
    }
}

/// "If you don't assign a security group to your load balancer, all client traffic can reach the load balancer
/// listeners." Source: "Security groups for your Network Load Balancer". An application balancer without one is in the
/// VPC's default group, which the code does not show: it faces the internet by its own word, and that is what counts.
fn openings<'a>(world: &World<'a>, block: &Block<'a>) -> Vec<Opening> {
    network::balancer_openings(world, block, SECURITY_GROUPS)
}

/// Internet-facing unless said otherwise: `internal` is false, `Scheme` is `internet-facing` by default.
fn exposures(block: &Block<'_>) -> Vec<Alternative<Exposure>> {
    let read = |alternative: Alternative<Setting<'_>>| {
        let value = match alternative.value {
            Setting::Absent => Exposure::Internet,
            Setting::Text(text, _) if text == "true" || text == "internal" => Exposure::Private,
            Setting::Text(..) => Exposure::Internet,
            Setting::Unknown(doubt) => Exposure::Unknown(doubt),
        };
        Alternative { when: alternative.when, value }
    };
    block.setting(INTERNAL).into_iter().map(read).collect()
}
