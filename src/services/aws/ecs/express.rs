//! ECS Express Mode: one resource makes a service and the load balancer in front of it, which no other code declares.

use super::{NETWORK, SUBNETS};
use crate::model::{Accepts, Doubt, Evidence, Face, Leg, NodeKind, Operator, Segment, TlsFloor, Transport};
use crate::services::aws::ec2;
use crate::services::draft::{Destination, Draft, Entry, Exposure, NodeFacts, PendingHop};
use crate::services::read::{Block, Child};
use crate::services::world::Types;

pub(super) const EXPRESS: Types =
    Types { terraform: &["aws_ecs_express_gateway_service"], cloudformation: &["AWS::ECS::ExpressGatewayService"] };

/// "Application Load Balancer with HTTPS listener, listener rules, and target groups". Source: "Resources created by Amazon
/// ECS Express Mode services". How the target groups speak to the containers does not stand there in a form that lasts:
/// the resources that it makes may be changed afterwards.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    ec2::server(draft, block, "the containers");
    let Some(containers) = draft.front(block.id) else { return };
    draft.speak_from(block.id, containers);
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Aws,
        party: "the load balancer",
        why: "ends the client's connection and opens a new one to the containers",
    };
    let node = draft.node_in_front(block, "load-balancer", facts);
    let meaning = "the load balancer that Express Mode makes ends TLS here";
    let evidence = Evidence::new("ECS Express Mode", meaning, block.owner.header);
    let accepts = Accepts::Tls { floor: TlsFloor::unknown(), evidence: vec![evidence] };
    let from = draft.listen(node, Some(443), vec![Face::always(accepts)]);
    let when = block.owner.exists.when().cloned();
    draft.send(PendingHop {
        from,
        to: Destination::listener(containers),
        legs: vec![Leg::new(Transport::Unknown(target_group(block)), Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when: when.clone(),
        segment: Segment::Request,
        doubt: None,
    });
    draft.admit(Entry { listener: from, exposure: exposure(block), when, evidence: Vec::new() });
}

fn target_group(block: &Block<'_>) -> Doubt {
    let what = format!("the target group of {}", block.owner.address);
    let message = format!("{what} is made by Express Mode, and the code does not show which protocol it speaks");
    Doubt::new(what, message, "declare the service and its load balancer in this code", Some(block.owner.header))
}

/// "By default, the scheme of the load balancer is internet-facing." Source: `ManagedLoadBalancer` in the API of Amazon
/// ECS. With subnets of the code's own, Express Mode goes by what they are.
fn exposure(block: &Block<'_>) -> Exposure {
    let chosen = block.children(NETWORK).into_iter().any(|child| match child.value {
        Child::Block(network) => network.has(SUBNETS),
        Child::Unknown(_) => true,
    });
    if !chosen {
        return Exposure::Internet;
    }
    let what = format!("whether the load balancer of {} faces the internet", block.owner.address);
    let message = format!("{what} follows from its subnets, which is not worked out");
    let settle = "declare the service and its load balancer in this code";
    Exposure::Unknown(Doubt::new(what, message, settle, Some(block.owner.header)))
}
