//! Classic Elastic Load Balancing: listeners stand inside the balancer, instances register with the balancer itself.

mod policy;

use super::network;
use crate::model::{
    Accepts, Doubt, Face, Leg, NodeKind, Operator, Segment, TlsFloor, TlsVersion, Transport, Verification,
};
use crate::resource::Language;
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop};
use crate::services::read::{Alternative, Block, Child, Field, Link, Setting, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[
    Service { types: BALANCER, describe: describe_balancer },
    Service { types: ATTACHMENT, describe: describe_attachment },
];

pub(super) const BALANCER: Types =
    Types { terraform: &["aws_elb"], cloudformation: &["AWS::ElasticLoadBalancing::LoadBalancer"] };
const ATTACHMENT: Types = Types { terraform: &["aws_elb_attachment"], cloudformation: &[] };
/// The attributes in which a balancer says its name.
const NAMES: [&str; 2] = ["name", "LoadBalancerName"];

const INTERNAL: Field = field("internal", "Scheme");
const SECURITY_GROUPS: Field = field("security_groups", "SecurityGroups");
const LISTENERS: Field = field("listener", "Listeners");
const FRONT_PROTOCOL: Field = field("lb_protocol", "Protocol");
const FRONT_PORT: Field = field("lb_port", "LoadBalancerPort");
const BACK_PROTOCOL: Field = field("instance_protocol", "InstanceProtocol");
const BACK_PORT: Field = field("instance_port", "InstancePort");
const INSTANCES: Field = field("instances", "Instances");
const ELB: Field = field("elb", "-");
const INSTANCE: Field = field("instance", "-");

/// The classic balancer that a link names, by reference or by its name.
pub(super) fn named_by(world: &World<'_>, from: ResourceId, link: &Link<'_>) -> Vec<ResourceId> {
    link.named(world, from, BALANCER, &NAMES)
}

fn describe_balancer<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let listeners = block.children(LISTENERS);
    let opens = listeners.iter().any(|listener| match &listener.value {
        Child::Block(listener) => listener.text(FRONT_PROTOCOL).is_none_or(|text| !text.eq_ignore_ascii_case("tcp")),
        Child::Unknown(_) => true,
    });
    let facts = if opens {
        NodeFacts {
            kind: NodeKind::Proxy,
            operator: Operator::Aws,
            party: "the load balancer",
            why: "ends the client's connection and opens a new one to the instances",
        }
    } else {
        NodeFacts {
            kind: NodeKind::PassThrough,
            operator: Operator::Aws,
            party: "the classic load balancer",
            why: "passes the bytes on without opening them",
        }
    };
    let node = draft.node(block, facts);
    draft.may_pass(node);
    draft.guard(node, network::balancer_openings(draft.world, block, SECURITY_GROUPS));
    draft.pool(block.id, "instances");
    for link in block.links(draft.world, INSTANCES) {
        let to = Destination::of_link(draft.world, block.id, &link.value);
        draft.lead(block.id, Lead::to(to, link.when));
    }
    for listener in listeners {
        match listener.value {
            Child::Block(listener_block) => {
                describe_listener(draft, block, node, &listener_block, listener.when.as_ref())
            }
            Child::Unknown(doubt) => {
                let face = Face { when: listener.when, accepts: Accepts::Undeclared(doubt.clone()) };
                let from = draft.listen(node, None, vec![face]);
                forward(draft, block, from, vec![Leg::new(Transport::Unknown(doubt), Vec::new())], None, None);
            }
        }
    }
}

fn describe_listener<'a>(
    draft: &mut Draft<'a>,
    balancer: &Block<'a>,
    node: crate::model::NodeId,
    block: &Block<'a>,
    when: Option<&When>,
) {
    let port = |field| block.get(field).and_then(Value::as_integer);
    let faces =
        block.setting(FRONT_PROTOCOL).into_iter().map(|alternative| face(draft.world, balancer, block, alternative));
    let faces: Vec<_> = faces.collect();
    let legs = legs(draft.world, balancer, block, &faces);
    let listener = draft.listen(node, port(FRONT_PORT), faces);
    forward(draft, balancer, listener, legs, port(BACK_PORT), when);
}

fn forward<'a>(
    draft: &mut Draft<'a>,
    balancer: &Block<'a>,
    from: crate::model::ListenerId,
    legs: Vec<Leg>,
    port: Option<i64>,
    when: Option<&When>,
) {
    let when = When::both(balancer.owner.exists.when(), when);
    draft.send(PendingHop {
        from,
        to: Destination::targets_of(balancer.id).at_port(port),
        legs,
        via: Vec::new(),
        evidence: Vec::new(),
        when: when.clone(),
        segment: Segment::Request,
        doubt: None,
    });
    for alternative in balancer.setting(INTERNAL) {
        let exposure = match alternative.value {
            Setting::Text(text, _) if text == "true" || text == "internal" => Exposure::Private,
            Setting::Unknown(doubt) => Exposure::Unknown(doubt),
            Setting::Absent | Setting::Text(..) => Exposure::Internet,
        };
        let when = When::both(when.as_ref(), alternative.when.as_ref());
        draft.admit(Entry { listener: from, exposure, when, evidence: Vec::new() });
    }
}

fn face(world: &World<'_>, balancer: &Block<'_>, block: &Block<'_>, alternative: Alternative<Setting<'_>>) -> Face {
    let accepts = match alternative.value {
        Setting::Unknown(doubt) => Accepts::Undeclared(doubt),
        Setting::Absent => Accepts::Undeclared(unknown_protocol(block, FRONT_PROTOCOL)),
        Setting::Text(text, value) => match text.to_ascii_uppercase().as_str() {
            "HTTP" => Accepts::Plaintext(vec![block.stated(FRONT_PROTOCOL, &text, value, "the listener speaks HTTP")]),
            "TCP" => {
                let meaning = "the listener passes the bytes on without opening them";
                Accepts::Opaque(vec![block.stated(FRONT_PROTOCOL, &text, value, meaning)])
            }
            "HTTPS" | "SSL" => Accepts::Tls {
                floor: policy::floor(world, balancer, block),
                evidence: vec![block.stated(FRONT_PROTOCOL, &text, value, "the load balancer ends TLS here")],
            },
            _ => Accepts::Undeclared(unknown_protocol(block, FRONT_PROTOCOL)),
        },
    };
    Face { when: alternative.when, accepts }
}

/// How the balancer speaks to its instances. Without `InstanceProtocol` the layer of the front decides:
/// HTTP behind HTTP and HTTPS, TCP behind TCP and SSL. Terraform requires `instance_protocol`.
fn legs(world: &World<'_>, balancer: &Block<'_>, block: &Block<'_>, faces: &[Face]) -> Vec<Leg> {
    let opened = |face: &Face| !matches!(face.accepts, Accepts::Opaque(_));
    let verification = policy::verification(world, balancer, block);
    let mut legs = Vec::new();
    for alternative in block.setting(BACK_PROTOCOL) {
        for face in faces {
            let when = When::both(alternative.when.as_ref(), face.when.as_ref());
            if when.as_ref().is_none_or(When::satisfiable) {
                let (transport, evidence) = transport(block, &alternative.value, opened(face), verification);
                legs.push(Leg { when, transport, evidence });
            }
        }
    }
    legs
}

fn transport(
    block: &Block<'_>,
    protocol: &Setting<'_>,
    opened: bool,
    verification: Verification,
) -> (Transport, Vec<crate::model::Evidence>) {
    let floor = TlsFloor::fixed(TlsVersion::V1_0);
    match protocol {
        Setting::Unknown(doubt) => (Transport::Unknown(doubt.clone()), Vec::new()),
        Setting::Absent if block.language() == Language::Terraform => {
            (Transport::Unknown(missing_protocol(block)), Vec::new())
        }
        Setting::Absent if opened => {
            let meaning = "so the load balancer sends the request in the clear";
            (Transport::Plaintext, vec![block.defaulted(BACK_PROTOCOL, "HTTP", meaning)])
        }
        Setting::Absent => (Transport::AsReceived, vec![block.defaulted(BACK_PROTOCOL, "TCP", PASSED_ON)]),
        Setting::Text(text, value) => {
            let stated = |meaning: &str| vec![block.stated(BACK_PROTOCOL, text, value, meaning)];
            match (text.to_ascii_uppercase().as_str(), opened) {
                ("HTTP", _) => (Transport::Plaintext, stated("the load balancer sends the request in the clear")),
                ("TCP", true) => (Transport::Plaintext, stated("TLS has ended, so the bytes go out in the clear")),
                ("TCP", false) => (Transport::AsReceived, stated(PASSED_ON)),
                ("HTTPS" | "SSL", _) => {
                    (Transport::Tls { floor, verification }, stated("the load balancer opens a new TLS connection"))
                }
                _ => (Transport::Unknown(unknown_protocol(block, BACK_PROTOCOL)), Vec::new()),
            }
        }
    }
}

const PASSED_ON: &str = "the bytes are passed on as they came";

fn missing_protocol(block: &Block<'_>) -> Doubt {
    let name = BACK_PROTOCOL.spelling(block.language());
    Doubt::new(name, format!("{name} is required and missing"), format!("set {name}"), Some(block.place()))
}

fn unknown_protocol(block: &Block<'_>, field: Field) -> Doubt {
    let what = block.text(field).map_or_else(|| field.spelling(block.language()).to_owned(), String::from);
    Doubt::new(
        what.clone(),
        format!("{what} is not a protocol that is known"),
        "use HTTP, HTTPS, TCP or SSL",
        Some(block.place()),
    )
}

fn describe_attachment<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let balancers = block.links(draft.world, ELB);
    for balancer in balancers.iter().flat_map(|link| named_by(draft.world, block.id, &link.value)) {
        for instance in block.links(draft.world, INSTANCE) {
            let to = Destination::of_link(draft.world, block.id, &instance.value);
            let via = vec![block.owner.address.shared()];
            let when = When::both(block.owner.exists.when(), instance.when.as_ref());
            draft.lead(balancer, Lead { to, via, when, evidence: Vec::new() });
        }
    }
}
