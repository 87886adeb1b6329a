//! Target groups: their protocol decides how the balancer speaks to the targets, whatever the port says.

use super::{Family, listener};
use crate::model::{Accepts, Doubt, Face, Leg, TlsFloor, TlsVersion, Transport, Verification};
use crate::services::aws::api_endpoint;
use crate::services::draft::{Destination, Draft, Lead, Place, Registration};
use crate::services::read::{Block, Child, Field, Link, Setting, field};
use crate::services::world::Types;
use crate::value::{Value, When};

pub(in crate::services::aws) const TARGET_GROUP: Types = Types {
    terraform: &["aws_lb_target_group", "aws_alb_target_group"],
    cloudformation: &["AWS::ElasticLoadBalancingV2::TargetGroup"],
};
pub(super) const ATTACHMENT: Types =
    Types { terraform: &["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"], cloudformation: &[] };

const NAME: Field = field("name", "Name");
const PROTOCOL: Field = field("protocol", "Protocol");
const TARGET_TYPE: Field = field("target_type", "TargetType");
const PORT: Field = field("port", "Port");
const TARGETS: Field = field("-", "Targets");
const TARGET_ID: Field = field("target_id", "Id");
const TARGET_GROUP_ARN: Field = field("target_group_arn", "-");

/// A target group collects targets; CloudFormation lists some of them in place.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.name(block, NAME, "elasticloadbalancing", "targetgroup/");
    draft.pool(block.id, "targets");
    for target in block.children(TARGETS) {
        match target.value {
            Child::Block(target_block) => lead_to_target(draft, block, &target_block, target.when.as_ref()),
            Child::Unknown(doubt) => {
                let to = Destination::of_link(draft.world, block.id, &Link::Unknown(doubt));
                draft.lead(block.id, Lead::to(to, target.when));
            }
        }
    }
}

pub(super) fn describe_attachment<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, TARGET_GROUP_ARN) {
        if let Some(group) = link.value.resource().map(|id| draft.world.block(id)) {
            let when = When::both(block.owner.exists.when(), link.when.as_ref());
            lead_to_target(draft, &group, block, when.as_ref());
        }
        if link.value.declared(draft.world, TARGET_GROUP).is_none() {
            for target in block.links(draft.world, TARGET_ID) {
                if let Link::Resource { id, .. } = target.value {
                    draft.register_elsewhere(id, &link, block, "a target group");
                }
            }
        }
    }
}

/// The target's own port overrides the group's.
fn lead_to_target<'a>(draft: &mut Draft<'a>, group: &Block<'a>, target: &Block<'a>, when: Option<&When>) {
    let port = |block: &Block<'_>| block.get(PORT).and_then(Value::as_integer);
    let via: Vec<_> = if target.id == group.id { Vec::new() } else { vec![target.owner.address.shared()] };
    for link in target.links(draft.world, TARGET_ID) {
        let to =
            Destination::of_link(draft.world, target.id, &link.value).at_port(port(target).or_else(|| port(group)));
        let when = When::both(when, link.when.as_ref());
        draft.lead(group.id, Lead { to, via: via.clone(), when, evidence: Vec::new() });
    }
}

/// The targets of a group that no listener of this code sends to. They are there to be called: by a listener of other code, or
/// by one that a deployment gives the group. Runs once all targets are known.
pub(in crate::services::aws) fn describe_uncalled(draft: &mut Draft<'_>) {
    for id in draft.world.of_types(TARGET_GROUP) {
        let called =
            [listener::LISTENER, listener::RULE].into_iter().any(|by| !draft.world.referrers(id, by).is_empty());
        if called || !draft.world.declares(id, TARGET_GROUP) {
            continue;
        }
        let group = draft.world.block(id);
        for lead in draft.leads_of(id).to_vec() {
            let Place::Resource(target) = lead.to.place else { continue };
            let doubt = uncalled(&group, &draft.world.address(target));
            for leg in legs_from_elsewhere(&group, &doubt) {
                let via = std::iter::once(group.owner.address.shared()).chain(lead.via.iter().cloned()).collect();
                let when = When::both(lead.when.as_ref(), leg.when.as_ref());
                let leg = Leg { when: None, ..leg };
                let when = When::both(group.owner.exists.when(), when.as_ref());
                draft.register(Registration { target, by: id, leg, via, when, doubt: doubt.clone() });
            }
        }
    }
}

/// In the clear as far as the group speaks HTTP, whatever the listener; what else comes is not known.
fn legs_from_elsewhere(group: &Block<'_>, doubt: &Doubt) -> Vec<Leg> {
    let in_clear = |leg: &Leg| leg.transport == Transport::Plaintext;
    let unknown = |leg: Leg| Leg { transport: Transport::Unknown(doubt.clone()), evidence: Vec::new(), ..leg };
    let legs = legs(group, Family::Application, &[]).into_iter();
    legs.map(|leg| if in_clear(&leg) { leg } else { unknown(leg) }).collect()
}

fn uncalled(group: &Block<'_>, target: &str) -> Doubt {
    let group_address = &group.owner.address;
    let message =
        format!("{target} is also a target of {group_address}, to which no listener in this code sends; others may");
    let settle = format!("take {group_address} away if nothing uses it, or lint the code that declares its listener");
    Doubt::new(format!("the callers of {group_address}"), message, settle, Some(group.owner.header))
}

/// The port of a target group, for targets that register without one of their own.
pub(in crate::services::aws) fn port_of(group: &Block<'_>) -> Option<i64> {
    let is_group = TARGET_GROUP.holds(&group.owner.type_name);
    group.get(PORT).filter(|_| is_group).and_then(Value::as_integer)
}

/// How the balancer speaks to the group's targets.
pub(super) fn legs(group: &Block<'_>, family: Family, faces: &[Face]) -> Vec<Leg> {
    if !TARGET_GROUP.holds(&group.owner.type_name) {
        let what = group.owner.address.to_string();
        let message = format!("{what} is no target group that e2e-lint knows");
        let doubt = Doubt::new(what, message, "forward to a target group", Some(group.owner.header));
        return vec![Leg::new(Transport::Unknown(doubt), Vec::new())];
    }
    let mut legs = Vec::new();
    for alternative in group.setting(PROTOCOL) {
        for (face_when, front) in fronts(family, faces) {
            let when = When::both(alternative.when.as_ref(), face_when.as_ref());
            if when.as_ref().is_none_or(When::satisfiable) {
                let leg = leg(group, family, front, &alternative.value);
                legs.push(Leg { when, ..leg });
            }
        }
    }
    legs
}

/// How the message came in, which on a network load balancer decides what goes out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Front {
    Opened,
    Unopened,
    Unknown,
}

/// One front where all faces open the message alike, else one for each face.
fn fronts(family: Family, faces: &[Face]) -> Vec<(Option<When>, Front)> {
    if family == Family::Application {
        return vec![(None, Front::Opened)];
    }
    let front = |face: &Face| match face.accepts {
        Accepts::Opaque(_) => Front::Unopened,
        Accepts::Tls { .. } | Accepts::Plaintext(_) => Front::Opened,
        Accepts::Undeclared(_) => Front::Unknown,
    };
    let all: Vec<_> = faces.iter().map(|face| (face.when.clone(), front(face))).collect();
    match all.first() {
        Some((_, first)) if all.iter().all(|(_, other)| other == first) => vec![(None, *first)],
        _ => all,
    }
}

fn leg(group: &Block<'_>, family: Family, front: Front, protocol: &Setting<'_>) -> Leg {
    if group.text(TARGET_TYPE).as_deref() == Some("lambda") {
        let evidence = group.get(TARGET_TYPE).map(|value| group.stated(TARGET_TYPE, "lambda", value, INVOKED));
        return Leg::new(api_endpoint::call(), evidence.into_iter().collect());
    }
    let (text, value) = match protocol {
        Setting::Unknown(doubt) => return Leg::new(Transport::Unknown(doubt.clone()), Vec::new()),
        Setting::Absent => return Leg::new(Transport::Unknown(missing_protocol(group)), Vec::new()),
        Setting::Text(text, value) => (text.to_ascii_uppercase(), *value),
    };
    match (family, front, text.as_str()) {
        (Family::Application, _, "HTTP") => stated_leg(group, &text, value, Transport::Plaintext, SPEAKS_HTTP),
        (Family::Application, _, "HTTPS") | (Family::Network, Front::Opened, "TLS") => {
            stated_leg(group, &text, value, to_targets_by_tls(), REENCRYPTS)
        }
        (Family::Network, Front::Opened, "TCP" | "TCP_UDP") => {
            stated_leg(group, &text, value, Transport::Plaintext, OPENED_THEN_TCP)
        }
        (
            Family::Network | Family::Gateway,
            Front::Unopened,
            "TCP" | "UDP" | "TCP_UDP" | "QUIC" | "TCP_QUIC" | "GENEVE",
        ) => stated_leg(group, &text, value, Transport::AsReceived, "the bytes are passed on as they came"),
        (_, Front::Unknown, _) => {
            let what = format!("the listener in front of {}", group.owner.address);
            let message = format!("{what} has a protocol that is not known");
            let doubt = Doubt::new(what, message, "give the listener's protocol a value", Some(group.owner.header));
            Leg::new(Transport::Unknown(doubt), Vec::new())
        }
        _ => {
            let message = format!("a listener of this kind cannot forward to a target group with protocol {text}");
            let doubt = Doubt::new(
                group.spell(PROTOCOL, &text),
                message,
                "use a supported pair of protocols",
                Some(value.span()),
            );
            Leg::new(Transport::Unknown(doubt), Vec::new())
        }
    }
}

const INVOKED: &str = "the load balancer invokes the function through the Lambda API";
const SPEAKS_HTTP: &str = "the target group speaks HTTP, so the load balancer sends the request in the clear";
const OPENED_THEN_TCP: &str =
    "the listener has ended TLS and the target group speaks TCP, so the decrypted bytes go out in the clear";
const REENCRYPTS: &str =
    "the load balancer opens a new TLS connection to the targets and does not verify their certificate";

fn stated_leg(group: &Block<'_>, text: &str, value: &Value, transport: Transport, meaning: &str) -> Leg {
    Leg::new(transport, vec![group.stated(PROTOCOL, text, value, meaning)])
}

/// "The load balancer does not validate these certificates"; and it accepts TLS 1.0 from targets whatever the listener's
/// policy says (backend policies 2016-08 and TLS13-1-0-2021-06). Source: "Target groups for your Application Load Balancers".
fn to_targets_by_tls() -> Transport {
    Transport::Tls { floor: TlsFloor::fixed(TlsVersion::V1_0), verification: Verification::Unverified }
}

fn missing_protocol(group: &Block<'_>) -> Doubt {
    let what = format!("the protocol of {}", group.owner.address);
    Doubt::new(what.clone(), format!("{what} is not set"), "set the target group's protocol", Some(group.owner.header))
}

/// A forward to something whose target group is not in this code.
pub(super) fn unknown_leg(link: &Link<'_>, listener: &Block<'_>) -> Leg {
    let (text, span) = match link {
        Link::Text(text, value) | Link::Outside(text, value) => (text.to_string(), value.span()),
        _ => ("the target group".to_owned(), listener.owner.header),
    };
    let message = format!("the target group {text} is not declared in this code");
    let doubt =
        Doubt::new(text, message, "lint the code that declares the target group together with this code", Some(span));
    Leg::new(Transport::Unknown(doubt), Vec::new())
}
