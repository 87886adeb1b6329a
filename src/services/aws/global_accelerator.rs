//! Global Accelerator: moves TCP and UDP, holds no certificate and opens nothing.

use crate::model::{Accepts, Doubt, Evidence, Face, Leg, ListenerId, NodeId, NodeKind, Operator, Segment, Transport};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, NodeFacts, PendingHop, Place, pointing};
use crate::services::read::{Block, Child, Field, Link, field};
use crate::services::world::Types;
use crate::value::secret::Text;
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] =
    &[Service { types: ACCELERATOR, describe }, Service { types: CUSTOM_ROUTING, describe: describe_custom_routing }];

const ACCELERATOR: Types = Types {
    terraform: &["aws_globalaccelerator_accelerator"],
    cloudformation: &["AWS::GlobalAccelerator::Accelerator"],
};
const CUSTOM_ROUTING: Types =
    Types { terraform: &["aws_globalaccelerator_custom_routing_accelerator"], cloudformation: &[] };
const LISTENER: Types =
    Types { terraform: &["aws_globalaccelerator_listener"], cloudformation: &["AWS::GlobalAccelerator::Listener"] };
const ENDPOINT_GROUP: Types = Types {
    terraform: &["aws_globalaccelerator_endpoint_group"],
    cloudformation: &["AWS::GlobalAccelerator::EndpointGroup"],
};

const ENABLED: Field = field("enabled", "Enabled");
const ACCELERATOR_ARN: Field = field("accelerator_arn", "AcceleratorArn");
const PROTOCOL: Field = field("protocol", "Protocol");
const PORT_RANGES: Field = field("port_range", "PortRanges");
const FROM_PORT: Field = field("from_port", "FromPort");
const TO_PORT: Field = field("to_port", "ToPort");
const LISTENER_ARN: Field = field("listener_arn", "ListenerArn");
const ENDPOINTS: Field = field("endpoint_configuration", "EndpointConfigurations");
const ENDPOINT_ID: Field = field("endpoint_id", "EndpointId");
const OVERRIDES: Field = field("port_override", "PortOverrides");
const LISTENER_PORT: Field = field("listener_port", "ListenerPort");
const ENDPOINT_PORT: Field = field("endpoint_port", "EndpointPort");

const PASSES: &str = "the accelerator passes the bytes on without opening them";

fn node<'a>(draft: &mut Draft<'a>, block: &Block<'a>) -> NodeId {
    let facts = NodeFacts {
        kind: NodeKind::PassThrough,
        operator: Operator::Aws,
        party: "AWS Global Accelerator",
        why: "passes the bytes on without opening them",
    };
    draft.node(block, facts)
}

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = node(draft, block);
    let Some(on) = block.unless_off(ENABLED) else { return };
    let listeners = pointing(draft.world, block.id, LISTENER, |listener| listener.links(draft.world, ACCELERATOR_ARN));
    for (listener, when) in listeners {
        let when = When::both(on.as_ref(), when.as_ref());
        let ranges = listener.children(PORT_RANGES);
        for range in ranges {
            let port = match &range.value {
                Child::Block(range) => single_port(range),
                Child::Unknown(_) => None,
            };
            let when = When::both(when.as_ref(), range.when.as_ref());
            describe_listener(draft, node, &listener, port, when.as_ref());
        }
    }
}

/// `None` for a range of several ports: the endpoint is called on whichever the client used.
fn single_port(range: &Block<'_>) -> Option<i64> {
    let port = |field| range.get(field).and_then(Value::as_integer);
    port(FROM_PORT).filter(|from| Some(*from) == port(TO_PORT))
}

fn describe_listener<'a>(
    draft: &mut Draft<'a>,
    node: NodeId,
    listener: &Block<'a>,
    port: Option<i64>,
    when: Option<&When>,
) {
    let protocol = listener.text(PROTOCOL).unwrap_or_else(|| Text::open("TCP"));
    let span = listener.get(PROTOCOL).map_or(listener.place(), Value::span);
    let evidence = Evidence::new(listener.spell(PROTOCOL, &protocol), PASSES, span);
    let face = Face::always(Accepts::Opaque(vec![evidence.clone()]));
    let from = draft.listen_via(node, port, vec![face], listener, when);
    draft.admit(Entry { listener: from, exposure: Exposure::Internet, when: when.cloned(), evidence: Vec::new() });
    let groups = pointing(draft.world, listener.id, ENDPOINT_GROUP, |group| group.links(draft.world, LISTENER_ARN));
    for (group, group_when) in groups {
        let when = When::both(when, group_when.as_ref());
        let leg = Leg::new(Transport::AsReceived, vec![evidence.clone()]);
        send(draft, from, &group, endpoint_port(&group, port), &leg, when.as_ref());
    }
}

/// The port on which the endpoints are called: the client's, unless the group overrides it.
fn endpoint_port(group: &Block<'_>, port: Option<i64>) -> Option<i64> {
    let wanted = port?;
    let number = |block: &Block<'_>, field| block.get(field).and_then(Value::as_integer);
    if group.children(OVERRIDES).iter().any(|found| matches!(found.value, Child::Unknown(_))) {
        return None;
    }
    let overridden =
        group.known_blocks(OVERRIDES).into_iter().find(|block| number(block, LISTENER_PORT) == Some(wanted));
    match overridden {
        Some(block) => number(&block, ENDPOINT_PORT),
        None => Some(wanted),
    }
}

fn send<'a>(
    draft: &mut Draft<'a>,
    from: ListenerId,
    group: &Block<'a>,
    port: Option<i64>,
    leg: &Leg,
    when: Option<&When>,
) {
    for endpoint in group.children(ENDPOINTS) {
        let links = match endpoint.value {
            Child::Block(block) => block.links(draft.world, ENDPOINT_ID),
            Child::Unknown(doubt) => vec![crate::services::read::Alternative::always(Link::Unknown(doubt))],
        };
        for link in links {
            let endpoint_when = When::both(endpoint.when.as_ref(), link.when.as_ref());
            draft.send(PendingHop {
                from,
                to: Destination::of_link(draft.world, group.id, &link.value).at_port(port),
                legs: vec![leg.clone()],
                via: vec![group.owner.address.shared()],
                evidence: Vec::new(),
                when: When::both(when, endpoint_when.as_ref()),
                segment: Segment::Request,
                doubt: None,
            });
        }
    }
}

/// Custom routing reaches instances of whole subnets; which of them is decided outside the code.
fn describe_custom_routing<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = node(draft, block);
    let address = &block.owner.address;
    let doubt = Doubt::new(
        format!("the instances behind {address}"),
        format!("{address} routes to instances of whole subnets, and the code does not show to which"),
        "assume in e2e-lint.yaml what stands there",
        Some(block.owner.header),
    );
    let evidence = Evidence::new("custom routing", PASSES, block.owner.header);
    let from = draft.listen(node, None, vec![Face::always(Accepts::Opaque(vec![evidence]))]);
    draft.admit(Entry { listener: from, exposure: Exposure::Internet, when: None, evidence: Vec::new() });
    let place = Place::Outside(format!("instances behind {address}"), Some(doubt));
    draft.send(PendingHop {
        from,
        to: Destination { place, port: None },
        legs: vec![Leg::new(Transport::AsReceived, Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when: block.owner.exists.when().cloned(),
        segment: Segment::Request,
        doubt: None,
    });
}
