//! Listeners of balancers: what they accept, and which actions send the request on.

use super::actions::{self, Forward};
use super::{Family, conditions, looked_up, target_group};
use crate::model::{
    Accepts, Doubt, Evidence, Face, Leg, ListenerId, NodeId, NodeKind, Operator, Segment, TlsFloor, Transport,
};
use crate::resource::Mode;
use crate::services::aws::private_keys;
use crate::services::aws::tls_policy::{ELB_DEFAULT_POLICY, elb_policy};
use crate::services::draft::{Destination, Draft, Entry, Exposure, NodeFacts, PendingHop, pointing};
use crate::services::read::{Alternative, Block, Field, Link, Setting, field};
use crate::services::world::Types;
use crate::value::When;

pub(super) const LISTENER: Types = Types {
    terraform: &["aws_lb_listener", "aws_alb_listener"],
    cloudformation: &["AWS::ElasticLoadBalancingV2::Listener"],
};
pub(super) const RULE: Types = Types {
    terraform: &["aws_lb_listener_rule", "aws_alb_listener_rule"],
    cloudformation: &["AWS::ElasticLoadBalancingV2::ListenerRule"],
};

const MORE: Types = Types {
    terraform: &["aws_lb_listener_certificate", "aws_alb_listener_certificate"],
    cloudformation: &["AWS::ElasticLoadBalancingV2::ListenerCertificate"],
};

pub(super) const BALANCER_ARN: Field = field("load_balancer_arn", "LoadBalancerArn");
const PROTOCOL: Field = field("protocol", "Protocol");
const PORT: Field = field("port", "Port");
const SSL_POLICY: Field = field("ssl_policy", "SslPolicy");
const CERTIFICATE: Field = field("certificate_arn", "CertificateArn");
const CERTIFICATES: Field = field("", "Certificates");
const DEFAULT_ACTIONS: Field = field("default_action", "DefaultActions");
pub(super) const LISTENER_ARN: Field = field("listener_arn", "ListenerArn");
const RULE_ACTIONS: Field = field("action", "Actions");

/// A listener's own ARN points to its balancer on the listener's port.
pub(super) fn describe_reference<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let links = block.links(draft.world, BALANCER_ARN);
    let mut elsewhere = Vec::new();
    for link in &links {
        if let Link::Resource { id, .. } = link.value {
            for same in std::iter::once(block.id).chain(looked_up::lookups(draft.world, block)) {
                draft.stand_for_given(same, Destination::resource(id).at_port(port(block)), link.when.as_ref());
            }
        }
        if !matches!(link.value, Link::Resource { id, .. } if draft.home(id).is_some()) {
            elsewhere.push(link.when.as_ref());
        }
    }
    if block.owner.mode == Mode::Managed && (links.is_empty() || !elsewhere.is_empty()) {
        let when = When::any_of(elsewhere.iter().copied());
        describe_stranded(draft, block, when.as_ref(), elsewhere.len() == links.len());
    }
}

/// A listener whose balancer is not in this code forwards all the same: it stands for the balancer, and from where that
/// can be called is not known. Unless it is `alone`, it stands for one of several balancers.
fn describe_stranded<'a>(draft: &mut Draft<'a>, block: &Block<'a>, when: Option<&When>, alone: bool) {
    let value = block.get(BALANCER_ARN);
    let what = format!("the load balancer of {}", block.owner.address);
    let message = format!("{what} is not in this code, so it is not known who can call it");
    let settle = "lint the code that declares the load balancer together with this code";
    let doubt = Doubt::new(what, message, settle, Some(value.map_or(block.owner.header, crate::value::Value::span)));
    let network =
        matches!(block.text(PROTOCOL).as_deref(), Some("TCP" | "UDP" | "TCP_UDP" | "TLS" | "QUIC" | "TCP_QUIC"));
    let family = if network { Family::Network } else { Family::Application };
    let facts = NodeFacts {
        kind: if network && !may_terminate(block) { NodeKind::PassThrough } else { NodeKind::Proxy },
        operator: Operator::Aws,
        party: "the load balancer",
        why: "its listener forwards; the balancer itself is not in this code",
    };
    let node = if alone { draft.node(block, facts) } else { draft.node_beside(block, "load-balancer", facts) };
    if block.text(PROTOCOL).is_none() {
        draft.may_pass(node);
    }
    let when = When::both(block.owner.exists.when(), when);
    let exposure = Alternative { when: when.clone(), value: Exposure::Unknown(doubt) };
    describe(draft, vec![exposure], &Ok(family), node, (block, when.as_ref()));
}

/// A rule whose listener is not in this code, or perhaps not, sends requests on all the same: it stands for the listener.
pub(super) fn describe_rule<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let mut listeners = block.links(draft.world, LISTENER_ARN);
    let is_missing = listeners.is_empty();
    listeners.retain(|link| !looked_up::is_declared(draft.world, &link.value));
    let forwards = actions::forwards(draft.world, block, RULE_ACTIONS);
    if (listeners.is_empty() && !is_missing) || forwards.is_empty() {
        return;
    }
    let undeclared = When::any_of(listeners.iter().map(|link| link.when.as_ref()));
    let when = When::both(block.owner.exists.when(), undeclared.as_ref());
    // One rule in the code may be many in the plan, and all of them lack the same listener.
    let what = format!("the listener of {}", block.owner.address.without_keys());
    let doubt = match listeners.first().map(|link| &link.value) {
        Some(Link::Unknown(why)) => {
            let message = format!("{what} is not known: {}", why.message);
            Doubt::new(what, message, why.settle.clone(), Some(block.owner.header))
        }
        _ => {
            let message = format!("{what} is not in this code, so it is not known what it accepts and who can call it");
            let settle = "lint the code that declares the listener together with this code";
            Doubt::new(what, message, settle, Some(block.owner.header))
        }
    };
    let facts = NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Aws,
        party: "the load balancer",
        why: "its rule forwards; the balancer itself is not in this code",
    };
    let node = draft.node(block, facts);
    let faces = vec![Face::always(Accepts::Undeclared(doubt.clone()))];
    let listener = draft.listen(node, None, faces.clone());
    for mut forward in forwards {
        forward.when = When::both(when.as_ref(), forward.when.as_ref());
        send(draft, listener, block, &Ok(Family::Application), &faces, forward);
    }
    draft.admit(Entry { listener, exposure: Exposure::Unknown(doubt), when: undeclared, evidence: Vec::new() });
}

/// Whether any alternative of the protocol ends TLS on a network load balancer.
pub(super) fn may_terminate(block: &Block<'_>) -> bool {
    block.setting(PROTOCOL).iter().any(|alternative| match &alternative.value {
        Setting::Text(text, _) => text == "TLS",
        Setting::Absent => false,
        Setting::Unknown(_) => true,
    })
}

pub(super) fn port(block: &Block<'_>) -> Option<i64> {
    block.get(PORT).and_then(crate::value::Value::as_integer)
}

/// `when` the listener is there and the node's.
pub(super) fn describe<'a>(
    draft: &mut Draft<'a>,
    exposures: Vec<Alternative<Exposure>>,
    family: &Result<Family, Doubt>,
    node: NodeId,
    (block, when): (&Block<'a>, Option<&When>),
) {
    let mut faces = faces(block, family);
    if faces.iter().any(|face| matches!(face.accepts, Accepts::Tls { .. })) {
        describe_certificates(draft, node, block);
    }
    let mut forwards = actions::forwards(draft.world, block, DEFAULT_ACTIONS);
    let rules = looked_up::rules(draft.world, block);
    if rules.iter().any(|(rule, when)| when.is_none() && conditions::takes_all(rule)) {
        forwards.clear();
    }
    let by_default = !forwards.is_empty();
    for (rule, rule_when) in rules {
        for mut forward in actions::forwards(draft.world, &rule, RULE_ACTIONS) {
            forward.when = When::both(rule_when.as_ref(), forward.when.as_ref());
            forward.via.insert(0, rule.owner.address.shared());
            forward.evidence.extend(conditions::requests(&rule));
            forwards.push(forward);
        }
    }
    if let (false, Some(rule)) = (by_default, forwards.first().and_then(|forward| forward.via.first())) {
        name_rule(&mut faces, rule);
    }
    let listener = draft.listen_via(node, port(block), faces.clone(), block, when);
    if forwards.is_empty() {
        return;
    }
    for mut forward in forwards {
        forward.when = When::both(when, forward.when.as_ref());
        send(draft, listener, block, family, &faces, forward);
    }
    for exposure in exposures {
        draft.admit(Entry { listener, exposure: exposure.value, when: exposure.when, evidence: Vec::new() });
    }
}

/// Where the default action sends nothing on, a reader sees a redirect there and has to be told of the rule that does.
fn name_rule(faces: &mut [Face], rule: &str) {
    for face in faces {
        let Accepts::Plaintext(evidence) = &mut face.accepts else { continue };
        for fact in evidence {
            fact.meaning = format!("{}, and {rule} forwards what comes in by it", fact.meaning);
            fact.remedy = Some(format!("let {rule} redirect to HTTPS, or take it off this listener"));
        }
    }
}

/// The listener's own certificates, and those that are added to it.
fn describe_certificates<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>) {
    let mut holders = vec![block.clone()];
    for (added, _) in pointing(draft.world, block.id, MORE, |more| more.links(draft.world, LISTENER_ARN)) {
        holders.push(added);
    }
    for certificates in holders.iter().flat_map(|holder| holder.known_blocks(CERTIFICATES)) {
        private_keys::describe_certificate(draft, node, &certificates, CERTIFICATE);
    }
}

fn send<'a>(
    draft: &mut Draft<'a>,
    listener: ListenerId,
    block: &Block<'a>,
    family: &Result<Family, Doubt>,
    faces: &[Face],
    forward: Forward<'a>,
) {
    let legs = match (&forward.to, family) {
        (Link::Resource { id, .. }, Ok(family)) => target_group::legs(&draft.world.block(*id), *family, faces),
        (_, Err(doubt)) => vec![Leg::new(Transport::Unknown(doubt.clone()), Vec::new())],
        (Link::Unknown(doubt), _) => vec![Leg::new(Transport::Unknown(doubt.clone()), Vec::new())],
        (link, _) => vec![target_group::unknown_leg(link, block)],
    };
    let mut via = vec![block.owner.address.shared()];
    via.extend(forward.via);
    draft.send(PendingHop {
        from: listener,
        to: Destination::of_link(draft.world, block.id, &forward.to),
        legs,
        via,
        evidence: forward.evidence,
        when: forward.when,
        segment: Segment::Request,
        doubt: None,
    });
}

/// What the listener accepts, per alternative of its protocol.
fn faces(block: &Block<'_>, family: &Result<Family, Doubt>) -> Vec<Face> {
    let family = match family {
        Ok(family) => *family,
        Err(doubt) => return vec![Face::always(Accepts::Undeclared(doubt.clone()))],
    };
    block.setting(PROTOCOL).into_iter().map(|alternative| face(block, family, alternative)).collect()
}

fn face(block: &Block<'_>, family: Family, alternative: Alternative<Setting<'_>>) -> Face {
    let accepts = match (alternative.value, family) {
        (Setting::Unknown(doubt), _) => Accepts::Undeclared(doubt),
        // "protocol ... defaults to HTTP" for application load balancers (aws_lb_listener; CreateListener).
        (Setting::Absent, Family::Application) => {
            Accepts::Plaintext(vec![block.defaulted(PROTOCOL, "HTTP", "the listener speaks HTTP")])
        }
        (Setting::Absent, Family::Network | Family::Gateway) => {
            Accepts::Opaque(vec![Evidence::new("no protocol", "the listener passes packets on", block.owner.header)])
        }
        (Setting::Text(text, value), _) => match text.to_ascii_uppercase().as_str() {
            "HTTP" => Accepts::Plaintext(vec![block.stated(PROTOCOL, &text, value, "the listener speaks HTTP")]),
            "HTTPS" | "TLS" => Accepts::Tls {
                floor: floor(block),
                evidence: vec![block.stated(PROTOCOL, &text, value, "the load balancer ends TLS here")],
            },
            "TCP" | "UDP" | "TCP_UDP" | "QUIC" | "TCP_QUIC" | "GENEVE" => {
                let meaning = "the listener passes the bytes on without opening them";
                Accepts::Opaque(vec![block.stated(PROTOCOL, &text, value, meaning)])
            }
            _ => Accepts::Undeclared(Doubt::new(
                text.to_ascii_uppercase(),
                format!("{} is no listener protocol that e2e-lint knows", text.to_ascii_uppercase()),
                "use a protocol of the load balancer's documentation",
                Some(value.span()),
            )),
        },
    };
    Face { when: alternative.when, accepts }
}

/// The least TLS version by the security policy; without one the API's default applies.
fn floor(block: &Block<'_>) -> TlsFloor {
    match block.setting(SSL_POLICY).as_slice() {
        [Alternative { value: Setting::Absent, .. }] => match elb_policy(ELB_DEFAULT_POLICY) {
            Some(version) => {
                let meaning = format!("the default policy accepts {version}");
                TlsFloor::known(version, block.defaulted(SSL_POLICY, ELB_DEFAULT_POLICY, meaning))
            }
            None => TlsFloor::unknown(),
        },
        [Alternative { value: Setting::Text(text, value), .. }] => match elb_policy(text) {
            Some(version) => {
                let meaning = format!("this policy accepts {version}");
                TlsFloor::known(version, block.stated(SSL_POLICY, text, value, meaning))
            }
            None => TlsFloor::unknown(),
        },
        _ => TlsFloor::unknown(),
    }
}
