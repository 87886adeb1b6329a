//! PrivateLink: an interface endpoint passes the bytes to the network load balancers of an endpoint service and adds no
//! encryption. Endpoints of AWS's own services are no hop of their own.

use super::inspection::is_to_appliances;
use crate::model::{Accepts, Evidence, Face, Leg, NodeKind, Operator, Segment, Transport};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop, Place};
use crate::services::read::{Block, Field, field};
use crate::services::world::{Types, World};
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[
    Service { types: ENDPOINT, describe: describe_endpoint },
    Service { types: ENDPOINT_SERVICE, describe: describe_service },
];

const ENDPOINT: Types = Types { terraform: &["aws_vpc_endpoint"], cloudformation: &["AWS::EC2::VPCEndpoint"] };
const ENDPOINT_SERVICE: Types =
    Types { terraform: &["aws_vpc_endpoint_service"], cloudformation: &["AWS::EC2::VPCEndpointService"] };

const SERVICE_NAME: Field = field("service_name", "ServiceName");
/// The common name by which a data source looks up a service of AWS's own, such as `s3`.
const COMMON_NAME: Field = field("service", "-");
const BALANCERS: Field = field("network_load_balancer_arns", "NetworkLoadBalancerArns");

/// The names of endpoint services that are not AWS's own.
const CUSTOMER_SERVICE: &str = "com.amazonaws.vpce.";

fn describe_endpoint<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    if is_to_appliances(block) {
        return;
    }
    let services: Vec<(Destination, Option<When>)> = block
        .links(draft.world, SERVICE_NAME)
        .into_iter()
        .map(|link| (Destination::of_link(draft.world, block.id, &link.value), link.when))
        .filter(|(to, _)| is_customer_service(draft.world, to))
        .collect();
    if services.is_empty() {
        return;
    }
    let facts = NodeFacts {
        kind: NodeKind::PassThrough,
        operator: Operator::Aws,
        party: "the PrivateLink endpoint",
        why: "passes the bytes on without opening them",
    };
    let node = draft.node(block, facts);
    let meaning = "the endpoint passes the bytes on without opening them";
    let evidence = Evidence::new("interface endpoint", meaning, block.owner.header);
    let from = draft.listen(node, None, vec![Face::always(Accepts::Opaque(vec![evidence.clone()]))]);
    let exists = block.owner.exists.when();
    draft.admit(Entry { listener: from, exposure: Exposure::Private, when: exists.cloned(), evidence: Vec::new() });
    for (to, when) in services {
        draft.send(PendingHop {
            from,
            to,
            legs: vec![Leg::new(Transport::AsReceived, vec![evidence.clone()])],
            via: Vec::new(),
            evidence: Vec::new(),
            when: When::both(exists, when.as_ref()),
            segment: Segment::Request,
            doubt: None,
        });
    }
}

fn is_customer_service(world: &World<'_>, to: &Destination) -> bool {
    match &to.place {
        Place::Resource(id) | Place::TargetsOf(id) => {
            ENDPOINT_SERVICE.holds(&world.resource(*id).type_name) && !world.block(*id).has(COMMON_NAME)
        }
        Place::Host(name) => name.starts_with(CUSTOMER_SERVICE),
        Place::Name(..) | Place::Listener(_) | Place::Outside(..) | Place::Kept(_) => false,
    }
}

/// An endpoint service is no node: whoever calls its endpoints reaches its balancers.
fn describe_service<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.pool(block.id, "network load balancers");
    for link in block.links(draft.world, BALANCERS) {
        let to = Destination::of_link(draft.world, block.id, &link.value);
        let when = When::both(block.owner.exists.when(), link.when.as_ref());
        draft.lead(block.id, Lead::to(to, when));
    }
}
