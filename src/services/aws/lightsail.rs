//! Lightsail: distributions and load balancers in front of instances, and container services.

use super::ec2;
use crate::model::{
    Accepts, Doubt, Evidence, Face, Leg, NodeId, NodeKind, Operator, Segment, TlsFloor, Transport, Verification,
};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop, Place};
use crate::services::read::{Alternative, Block, Field, Link, Setting, doubt_of, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[
    Service { types: DISTRIBUTION, describe: describe_distribution },
    Service { types: BALANCER, describe: describe_balancer },
    Service { types: ATTACHMENT, describe: describe_attachment },
    Service { types: INSTANCE, describe: describe_instance },
    Service { types: CONTAINERS, describe: describe_containers },
];

const DISTRIBUTION: Types =
    Types { terraform: &["aws_lightsail_distribution"], cloudformation: &["AWS::Lightsail::Distribution"] };
const BALANCER: Types = Types { terraform: &["aws_lightsail_lb"], cloudformation: &["AWS::Lightsail::LoadBalancer"] };
const ATTACHMENT: Types = Types { terraform: &["aws_lightsail_lb_attachment"], cloudformation: &[] };
const INSTANCE: Types = Types { terraform: &["aws_lightsail_instance"], cloudformation: &["AWS::Lightsail::Instance"] };
const CONTAINERS: Types =
    Types { terraform: &["aws_lightsail_container_service"], cloudformation: &["AWS::Lightsail::Container"] };
const CERTIFICATE: Types = Types {
    terraform: &["aws_lightsail_lb_certificate_attachment"],
    cloudformation: &["AWS::Lightsail::LoadBalancerTlsCertificate"],
};
const REDIRECTION: Types = Types {
    terraform: &["aws_lightsail_lb_https_redirection_policy"],
    cloudformation: &["AWS::Lightsail::LoadBalancerTlsCertificate"],
};
/// Anything that a distribution may name as its origin.
const ORIGINS: Types = Types {
    terraform: &["aws_lightsail_instance", "aws_lightsail_lb", "aws_lightsail_container_service"],
    cloudformation: &["AWS::Lightsail::Instance", "AWS::Lightsail::LoadBalancer", "AWS::Lightsail::Container"],
};
const NAMES: [&str; 4] = ["name", "InstanceName", "LoadBalancerName", "ServiceName"];

const IS_ENABLED: Field = field("is_enabled", "IsEnabled");
const ORIGIN: Field = field("origin", "Origin");
const ORIGIN_NAME: Field = field("name", "Name");
const PROTOCOL_POLICY: Field = field("protocol_policy", "ProtocolPolicy");
const INSTANCE_PORT: Field = field("instance_port", "InstancePort");
const ATTACHED_INSTANCES: Field = field("-", "AttachedInstances");
const BALANCER_NAME: Field = field("lb_name", "LoadBalancerName");
const INSTANCE_NAME: Field = field("instance_name", "-");
const IS_ATTACHED: Field = field("-", "IsAttached");
const REDIRECTS: Field = field("enabled", "HttpsRedirectionEnabled");

/// Where a name of another Lightsail resource leads. Terraform's references to names are text by now.
fn by_name(world: &World<'_>, from: ResourceId, types: Types, link: &Link<'_>) -> Destination {
    if let Link::Text(name, value) = link {
        return match world.named(from, types, &NAMES, name).first() {
            Some(id) => Destination::resource(*id),
            None => {
                let message = format!("{name} is not declared in this code");
                let settle = "lint the code that declares it together with this code";
                let doubt = Doubt::new(name.clone(), message, settle, Some(value.span()));
                Destination { place: Place::Outside(name.to_string(), Some(doubt)), port: None }
            }
        };
    }
    Destination::of_link(world, from, link)
}

fn describe_distribution<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Aws,
        party: "the Lightsail distribution",
        why: "ends the viewer's TLS and starts a new connection to the origin",
    };
    let node = draft.node(block, facts);
    draft.outside_networks(node);
    let Some(on) = block.unless_off(IS_ENABLED) else { return };
    let doubt = Doubt::new(
        format!("whether {} answers HTTP", block.owner.address),
        "the code does not decide whether the distribution lets viewers use HTTP",
        "assume it in e2e-lint.yaml, with the reason",
        Some(block.owner.header),
    );
    for (port, accepts) in [(80, Accepts::Undeclared(doubt)), (443, ends_tls(block))] {
        let listener = draft.listen(node, Some(port), vec![Face::always(accepts)]);
        let when = When::both(block.owner.exists.when(), on.as_ref());
        draft.admit(Entry { listener, exposure: Exposure::Internet, when, evidence: Vec::new() });
        for origin in draft.blocks(node, block, &[ORIGIN]) {
            send_to_origin(draft, listener, &origin);
        }
    }
}

fn ends_tls(block: &Block<'_>) -> Accepts {
    let evidence = Evidence::new("Lightsail", "Lightsail ends the client's TLS here", block.owner.header);
    Accepts::Tls { floor: TlsFloor::unknown(), evidence: vec![evidence] }
}

fn send_to_origin<'a>(draft: &mut Draft<'a>, from: crate::model::ListenerId, origin: &Block<'a>) {
    let legs: Vec<Leg> = origin.setting(PROTOCOL_POLICY).into_iter().map(|policy| leg(origin, policy)).collect();
    let port = match origin.text(PROTOCOL_POLICY).as_deref() {
        Some("http-only") => Some(80),
        Some("https-only") => Some(443),
        _ => None,
    };
    for link in origin.links(draft.world, ORIGIN_NAME) {
        draft.send(PendingHop {
            from,
            to: by_name(draft.world, origin.id, ORIGINS, &link.value).at_port(port),
            legs: legs.clone(),
            via: Vec::new(),
            evidence: Vec::new(),
            when: When::both(origin.owner.exists.when(), link.when.as_ref()),
            segment: Segment::Request,
            doubt: None,
        });
    }
}

/// No default is documented for an absent policy, nor whether the distribution verifies the origin's certificate.
fn leg(origin: &Block<'_>, Alternative { when, value }: Alternative<Setting<'_>>) -> Leg {
    let (transport, evidence) = match value {
        Setting::Text(text, value) => {
            let stated = |meaning: &str| vec![origin.stated(PROTOCOL_POLICY, &text, value, meaning)];
            match text.as_str() {
                "http-only" => (Transport::Plaintext, stated("the distribution sends the request in the clear")),
                "https-only" => {
                    let transport = Transport::Tls { floor: TlsFloor::unknown(), verification: Verification::Unknown };
                    (transport, stated("the distribution opens a new TLS connection to the origin"))
                }
                _ => (Transport::Unknown(doubt_of(value)), Vec::new()),
            }
        }
        Setting::Absent => {
            let name = PROTOCOL_POLICY.spelling(origin.language());
            let message = format!("{name} is absent, and no default is documented for it");
            (Transport::Unknown(Doubt::new(name, message, format!("set {name}"), Some(origin.place()))), Vec::new())
        }
        Setting::Unknown(doubt) => (Transport::Unknown(doubt), Vec::new()),
    };
    Leg { when, transport, evidence }
}

/// HTTP on port 80 always; HTTPS once a certificate is attached.
fn describe_balancer<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Aws,
        party: "the Lightsail load balancer",
        why: "ends the client's connection and opens a new one to the instances",
    };
    let node = draft.node(block, facts);
    draft.pool(block.id, "instances");
    for link in block.links(draft.world, ATTACHED_INSTANCES) {
        let to = by_name(draft.world, block.id, INSTANCE, &link.value);
        draft.lead(block.id, Lead::to(to, link.when));
    }
    let redirects = of_balancer(draft.world, block, REDIRECTION);
    let redirected = redirects.iter().any(|policy| policy.get(REDIRECTS).and_then(Value::as_bool) == Some(true));
    let undecided =
        redirects.iter().find(|policy| policy.get(REDIRECTS).is_some_and(|value| value.as_bool().is_none()));
    if !redirected {
        let accepts = match undecided.and_then(|policy| policy.get(REDIRECTS)) {
            Some(value) => Accepts::Undeclared(doubt_of(value)),
            None => {
                let evidence = Evidence::new("no redirect to HTTPS", "clients may use HTTP", block.owner.header);
                Accepts::Plaintext(vec![evidence])
            }
        };
        listen(draft, node, block, 80, accepts);
    }
    let certificates = of_balancer(draft.world, block, CERTIFICATE);
    let attached = |certificate: &Block<'_>| certificate.get(IS_ATTACHED).and_then(Value::as_bool) != Some(false);
    if certificates.iter().any(attached) {
        listen(draft, node, block, 443, ends_tls(block));
    }
}

/// Resources of a kind that name the balancer, by reference or by its name.
fn of_balancer<'a>(world: &World<'a>, balancer: &Block<'a>, types: Types) -> Vec<Block<'a>> {
    let names_it = |block: &Block<'a>| {
        block.links(world, BALANCER_NAME).iter().any(|link| {
            let to = by_name(world, block.id, BALANCER, &link.value);
            matches!(to.place, Place::Resource(id) if id == balancer.id)
        })
    };
    world.of_types(types).into_iter().map(|id| world.block(id)).filter(names_it).collect()
}

fn listen<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>, port: i64, accepts: Accepts) {
    let from = draft.listen(node, Some(port), vec![Face::always(accepts)]);
    let when = block.owner.exists.when().cloned();
    draft.admit(Entry { listener: from, exposure: Exposure::Internet, when: when.clone(), evidence: Vec::new() });
    let what = format!("the protocol from {} to its instances", block.owner.address);
    let message = "a Lightsail load balancer has no setting for the protocol to its instances";
    let doubt = Doubt::new(what, message, "assume in e2e-lint.yaml what the instances serve", Some(block.owner.header));
    draft.send(PendingHop {
        from,
        to: Destination::targets_of(block.id).at_port(block.get(INSTANCE_PORT).and_then(Value::as_integer)),
        legs: vec![Leg::new(Transport::Unknown(doubt), Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when,
        segment: Segment::Request,
        doubt: None,
    });
}

fn describe_attachment<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for balancer in block.links(draft.world, BALANCER_NAME) {
        let Place::Resource(id) = by_name(draft.world, block.id, BALANCER, &balancer.value).place else { continue };
        for instance in block.links(draft.world, INSTANCE_NAME) {
            let to = by_name(draft.world, block.id, INSTANCE, &instance.value);
            let via = vec![block.owner.address.shared()];
            let when = When::both(block.owner.exists.when(), instance.when.as_ref());
            draft.lead(id, Lead { to, via, when, evidence: Vec::new() });
        }
    }
}

fn describe_instance<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    ec2::server(draft, block, "the server");
}

/// A container service has a public endpoint of its own, which the code describes only in part.
fn describe_containers<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    ec2::server(draft, block, "the containers");
}
