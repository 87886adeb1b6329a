//! VPC Lattice: a service ends HTTP and HTTPS; a `TLS_PASSTHROUGH` listener passes sessions on by their server name.

use super::api_endpoint;
use crate::model::{
    Accepts, Doubt, Evidence, Face, Leg, NodeId, NodeKind, Operator, Segment, TlsFloor, TlsVersion, Transport,
    Verification,
};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop, pointing};
use crate::services::read::{Alternative, Block, Child, Field, Link, Presence, Setting, field};
use crate::services::world::Types;
use crate::value::secret::Text;
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[
    Service { types: SERVICE, describe: describe_service },
    Service { types: TARGET_GROUP, describe: describe_group },
    Service { types: ATTACHMENT, describe: describe_attachment },
];

const SERVICE: Types = Types { terraform: &["aws_vpclattice_service"], cloudformation: &["AWS::VpcLattice::Service"] };
const LISTENER: Types =
    Types { terraform: &["aws_vpclattice_listener"], cloudformation: &["AWS::VpcLattice::Listener"] };
const RULE: Types = Types { terraform: &["aws_vpclattice_listener_rule"], cloudformation: &["AWS::VpcLattice::Rule"] };
pub(super) const TARGET_GROUP: Types =
    Types { terraform: &["aws_vpclattice_target_group"], cloudformation: &["AWS::VpcLattice::TargetGroup"] };
const ATTACHMENT: Types = Types { terraform: &["aws_vpclattice_target_group_attachment"], cloudformation: &[] };

const CUSTOM_DOMAIN: Field = field("custom_domain_name", "CustomDomainName");
const SERVICE_OF: Field = field("service_identifier|service_arn", "ServiceIdentifier");
const LISTENER_OF: Field = field("listener_identifier", "ListenerIdentifier");
const PROTOCOL: Field = field("protocol", "Protocol");
const PORT: Field = field("port", "Port");
const DEFAULT_ACTION: Field = field("default_action", "DefaultAction");
const RULE_ACTION: Field = field("action", "Action");
const FORWARD: Field = field("forward", "Forward");
const FORWARD_GROUPS: Field = field("target_groups", "TargetGroups");
const FORWARD_GROUP: Field = field("target_group_identifier", "TargetGroupIdentifier");
const GROUP_TYPE: Field = field("type", "Type");
const CONFIG: Field = field("config", "Config");
const TARGETS: Field = field("target", "Targets");
const TARGET_ID: Field = field("id", "Id");
const GROUP_OF: Field = field("target_group_identifier", "-");

const PASSES: &str = "the listener passes TLS on without opening it";

fn describe_service<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let listeners = pointing(draft.world, block.id, LISTENER, |listener| listener.links(draft.world, SERVICE_OF));
    let passes = |listener: &Block<'_>| listener.text(PROTOCOL).as_deref() == Some("TLS_PASSTHROUGH");
    let facts = if !listeners.is_empty() && listeners.iter().all(|(listener, _)| passes(listener)) {
        NodeFacts {
            kind: NodeKind::PassThrough,
            operator: Operator::Aws,
            party: "VPC Lattice",
            why: "passes TLS on without opening it",
        }
    } else {
        NodeFacts {
            kind: NodeKind::Proxy,
            operator: Operator::Aws,
            party: "VPC Lattice",
            why: "ends the client's connection and opens a new one to the targets",
        }
    };
    let node = draft.node(block, facts);
    draft.may_pass(node);
    if let Some(name) = block.text(CUSTOM_DOMAIN) {
        let to = Destination::resource(block.id);
        draft.host(&name, Lead::to(to, block.owner.exists.when().cloned()));
    }
    for (listener, when) in listeners {
        describe_listener(draft, node, &listener, when.as_ref());
    }
}

fn describe_listener<'a>(draft: &mut Draft<'a>, node: NodeId, listener: &Block<'a>, when: Option<&When>) {
    let faces: Vec<Face> = listener.setting(PROTOCOL).into_iter().map(|setting| face(listener, setting)).collect();
    let from = draft.listen_via(node, port(listener), faces.clone(), listener, when);
    draft.admit(Entry { listener: from, exposure: Exposure::Private, when: when.cloned(), evidence: Vec::new() });
    let mut forwards = forwards(draft, listener, DEFAULT_ACTION, when);
    for (rule, rule_when) in pointing(draft.world, listener.id, RULE, |rule| rule.links(draft.world, LISTENER_OF)) {
        let when = When::both(when, rule_when.as_ref());
        forwards.extend(forwards_of_rule(draft, &rule, when.as_ref()));
    }
    for (rule, rule_when) in possible_rules(draft, listener) {
        let when = When::both(when, Some(&rule_when));
        forwards.extend(forwards_of_rule(draft, &rule, when.as_ref()));
    }
    for (via, link) in forwards {
        let legs = match &link.value {
            Link::Resource { id, .. } => legs(&draft.world.block(*id), &faces),
            _ => vec![Leg::new(Transport::Unknown(undeclared_group(listener)), Vec::new())],
        };
        draft.send(PendingHop {
            from,
            to: Destination::of_link(draft.world, listener.id, &link.value),
            legs,
            via,
            evidence: Vec::new(),
            when: link.when,
            segment: Segment::Request,
            doubt: None,
        });
    }
}

/// Rules of which the listener is not known, and that may be this one's: no other service is named as theirs.
fn possible_rules<'a>(draft: &Draft<'a>, listener: &Block<'a>) -> Vec<(Block<'a>, When)> {
    let is_open = |link: &Link<'_>, types: Types| match link {
        Link::Unknown(_) | Link::Outside(..) => true,
        Link::Resource { .. } => link.declared(draft.world, types).is_none(),
        Link::Text(..) | Link::Template(..) => false,
    };
    let own = listener.resources(draft.world, SERVICE_OF);
    let mut found = Vec::new();
    for rule in draft.world.of_types(RULE).into_iter().map(|id| draft.world.block(id)) {
        let services = rule.links(draft.world, SERVICE_OF);
        let fits = |link: &Alternative<Link<'a>>| {
            is_open(&link.value, SERVICE) || link.value.resource().is_some_and(|service| own.contains(&service))
        };
        let open = rule.links(draft.world, LISTENER_OF).into_iter().filter(|link| is_open(&link.value, LISTENER));
        let open: Vec<_> = open.map(|link| link.when).collect();
        if open.is_empty() || !services.iter().any(fits) {
            continue;
        }
        let is_meant = When::atom(format!("{} is on {}", rule.owner.address, listener.owner.address));
        let exists = When::both(rule.owner.exists.when(), When::any_of(open.iter().map(Option::as_ref)).as_ref());
        let when = exists.map_or_else(|| is_meant.clone(), |exists| exists.and(&is_meant));
        found.push((rule, when));
    }
    found
}

/// The port defaults to that of the protocol.
fn port(listener: &Block<'_>) -> Option<i64> {
    match (listener.get(PORT), listener.text(PROTOCOL).as_deref()) {
        (Some(port), _) => port.as_integer(),
        (None, Some("HTTP")) => Some(80),
        (None, Some("HTTPS")) => Some(443),
        (None, _) => None,
    }
}

/// An HTTPS listener accepts TLS 1.2 and 1.3. Source: "HTTPS listeners for VPC Lattice services". With pass-through the
/// service's own certificate is not used.
fn face(listener: &Block<'_>, Alternative { when, value }: Alternative<Setting<'_>>) -> Face {
    let accepts = match value {
        Setting::Text(text, value) => {
            let stated = |meaning: &str| vec![listener.stated(PROTOCOL, &text, value, meaning)];
            match text.as_str() {
                "HTTP" => {
                    let evidence = stated("the listener speaks HTTP").into_iter();
                    Accepts::Plaintext(evidence.map(|evidence| evidence.mended_by(only_https(listener))).collect())
                }
                "HTTPS" => Accepts::Tls {
                    floor: TlsFloor::fixed(TlsVersion::V1_2),
                    evidence: stated("VPC Lattice ends TLS here"),
                },
                "TLS_PASSTHROUGH" => Accepts::Opaque(stated(PASSES)),
                _ => Accepts::Undeclared(unknown_protocol(listener)),
            }
        }
        Setting::Absent => Accepts::Undeclared(unknown_protocol(listener)),
        Setting::Unknown(doubt) => Accepts::Undeclared(doubt),
    };
    Face { when, accepts }
}

/// What mends a listener: of the actions that it has (forward and fixed response) none redirects.
fn only_https(listener: &Block<'_>) -> String {
    format!("give {} the protocol HTTPS, since VPC Lattice redirects nothing", listener.owner.address)
}

fn unknown_protocol(block: &Block<'_>) -> Doubt {
    let what = format!("the protocol of {}", block.owner.address);
    Doubt::new(what.clone(), format!("{what} is not known"), "set the protocol", Some(block.place()))
}

fn undeclared_group(listener: &Block<'_>) -> Doubt {
    let what = format!("a target group of {}", listener.owner.address);
    let message = format!("{what} is not declared in this code");
    Doubt::new(what, message, "lint the code that declares it together with this code", Some(listener.owner.header))
}

/// A target group that requests are forwarded to, with what the hop runs over.
type Forward<'a> = (Vec<std::sync::Arc<str>>, Alternative<Link<'a>>);

fn forwards<'a>(draft: &Draft<'a>, block: &Block<'a>, action: Field, when: Option<&When>) -> Vec<Forward<'a>> {
    let mut found = Vec::new();
    let via = vec![block.owner.address.shared()];
    for group in block.children_along(&[action, FORWARD, FORWARD_GROUPS]) {
        let links = match group.value {
            Child::Block(block) => block.links(draft.world, FORWARD_GROUP),
            Child::Unknown(doubt) => vec![Alternative::always(Link::Unknown(doubt))],
        };
        for link in links {
            let own = When::both(group.when.as_ref(), link.when.as_ref());
            let link = Alternative { when: When::both(when, own.as_ref()), value: link.value };
            found.push((via.clone(), link));
        }
    }
    found
}

fn forwards_of_rule<'a>(draft: &Draft<'a>, rule: &Block<'a>, when: Option<&When>) -> Vec<Forward<'a>> {
    forwards(draft, rule, RULE_ACTION, when)
}

/// "VPC Lattice does not validate these certificates." Source: "Target groups in VPC Lattice".
fn legs(group: &Block<'_>, faces: &[Face]) -> Vec<Leg> {
    if group.text(GROUP_TYPE).as_deref() == Some("LAMBDA") {
        let evidence = group.get(GROUP_TYPE).map(|value| {
            group.stated(GROUP_TYPE, "LAMBDA", value, "VPC Lattice invokes the function through the Lambda API")
        });
        return vec![Leg::new(api_endpoint::call(), evidence.into_iter().collect())];
    }
    let unknown = |when, doubt| Leg { when, transport: Transport::Unknown(doubt), evidence: Vec::new() };
    let mut legs = Vec::new();
    for Alternative { when, value } in group.presence(CONFIG) {
        match value {
            Presence::Block(config) => legs.extend(legs_of(&config, faces)),
            Presence::Absent => legs.push(unknown(when, unknown_protocol(group))),
            Presence::Unknown(doubt) => legs.push(unknown(when, doubt)),
        }
    }
    legs
}

fn legs_of(config: &Block<'_>, faces: &[Face]) -> Vec<Leg> {
    let mut legs = Vec::new();
    for Alternative { when, value } in config.setting(PROTOCOL) {
        for face in faces {
            let when = When::both(when.as_ref(), face.when.as_ref());
            if when.as_ref().is_none_or(When::satisfiable) {
                let (transport, evidence) = transport(config, &value, &face.accepts);
                legs.push(Leg { when, transport, evidence });
            }
        }
    }
    legs
}

/// The group's protocol decides; TCP groups are for pass-through only.
fn transport(config: &Block<'_>, protocol: &Setting<'_>, front: &Accepts) -> (Transport, Vec<Evidence>) {
    let (text, value) = match protocol {
        Setting::Unknown(doubt) => return (Transport::Unknown(doubt.clone()), Vec::new()),
        Setting::Absent => return (Transport::Unknown(unknown_protocol(config)), Vec::new()),
        Setting::Text(text, value) => (text, *value),
    };
    let stated = |meaning: &str| vec![config.stated(PROTOCOL, text, value, meaning)];
    match (text.as_str(), front) {
        ("TCP", Accepts::Opaque(_)) => (Transport::AsReceived, stated("the bytes are passed on as they came")),
        ("HTTP", Accepts::Plaintext(_) | Accepts::Tls { .. } | Accepts::Undeclared(_)) => {
            (Transport::Plaintext, stated("VPC Lattice sends the request in the clear"))
        }
        ("HTTPS", Accepts::Plaintext(_) | Accepts::Tls { .. } | Accepts::Undeclared(_)) => {
            let transport = Transport::Tls { floor: TlsFloor::unknown(), verification: Verification::Unverified };
            (transport, stated("VPC Lattice opens a new TLS connection and does not verify the target's certificate"))
        }
        _ => (Transport::Unknown(unsupported(config, text)), Vec::new()),
    }
}

fn unsupported(config: &Block<'_>, protocol: &Text) -> Doubt {
    let message = format!("a listener of this kind cannot forward to a target group with protocol {protocol}");
    Doubt::new(protocol, message, "use a supported pair of protocols", Some(config.place()))
}

fn describe_group<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    draft.pool(block.id, "targets");
    lead_to_targets(draft, block.id, block);
}

fn describe_attachment<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for link in block.links(draft.world, GROUP_OF) {
        if let Link::Resource { id, .. } = link.value {
            lead_to_targets(draft, id, block);
        }
    }
}

/// The target's own port goes before the group's. A group without targets in place is filled by attachments or by
/// Auto Scaling groups.
fn lead_to_targets<'a>(draft: &mut Draft<'a>, group: crate::services::world::ResourceId, holder: &Block<'a>) {
    let number = |block: &Block<'_>| block.get(PORT).and_then(Value::as_integer);
    let group_port = draft.world.block(group).known_block(CONFIG).and_then(|config| number(&config));
    let via: Vec<_> = if holder.id == group { Vec::new() } else { vec![holder.owner.address.shared()] };
    for target in holder.children(TARGETS) {
        let (links, own_port) = match target.value {
            Child::Block(block) => (block.links(draft.world, TARGET_ID), number(&block)),
            Child::Unknown(doubt) => (vec![Alternative::always(Link::Unknown(doubt))], None),
        };
        for link in links {
            let target_when = When::both(target.when.as_ref(), link.when.as_ref());
            let to = Destination::of_link(draft.world, holder.id, &link.value).at_port(own_port.or(group_port));
            let when = When::both(holder.owner.exists.when(), target_when.as_ref());
            draft.lead(group, Lead { to, via: via.clone(), when, evidence: Vec::new() });
        }
    }
}
