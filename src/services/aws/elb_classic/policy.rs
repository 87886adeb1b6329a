//! Policies of classic balancers: the least TLS version of a listener, and the pinned keys of the instances.
//!
//! CloudFormation writes them into the balancer. Terraform has resources of their own for them, which name the balancer.

use super::{BACK_PORT, FRONT_PORT, NAMES};
use crate::model::{TlsFloor, Verification};
use crate::services::aws::tls_policy::{ELB_DEFAULT_POLICY, elb_policy};
use crate::services::read::{Block, Field, field};
use crate::services::world::{Types, World};
use crate::value::Value;
use crate::value::secret::Text;

const POLICY: Types = Types { terraform: &["aws_load_balancer_policy"], cloudformation: &[] };
const ON_INSTANCES: Types = Types { terraform: &["aws_load_balancer_backend_server_policy"], cloudformation: &[] };
const ON_LISTENER: Types =
    Types { terraform: &["aws_load_balancer_listener_policy", "aws_lb_ssl_negotiation_policy"], cloudformation: &[] };
/// The attributes in which these resources name their balancer.
const BALANCER_NAMES: [&str; 2] = ["load_balancer_name", "load_balancer"];

const LISTENER_POLICIES: Field = field("-", "PolicyNames");
const POLICIES: Field = field("-", "Policies");
const INSTANCE_PORTS: Field = field("-", "InstancePorts");
const INSTANCE_PORT: Field = field("instance_port", "-");
const LISTENER_PORT: Field = field("load_balancer_port|lb_port", "-");
const POLICY_NAMES: Field = field("policy_names", "-");
const POLICY_NAME: Field = field("-", "PolicyName");
const POLICY_TYPE: Field = field("policy_type_name", "PolicyType");
const ATTRIBUTES: Field = field("policy_attribute|attribute", "Attributes");
const ATTRIBUTE_NAME: Field = field("name", "Name");
const ATTRIBUTE_VALUE: Field = field("value", "Value");

const PINS_KEYS: &str = "BackendServerAuthenticationPolicyType";

/// The one AWS balancer that can verify its targets: by pinned public keys (`BackendServerAuthenticationPolicyType`).
/// Source: "Listener configurations for Classic Load Balancers".
pub(super) fn verification<'a>(world: &World<'a>, balancer: &Block<'a>, listener: &Block<'a>) -> Verification {
    let port = listener.text(BACK_PORT);
    let own = balancer.known_blocks(POLICIES);
    let pins: Vec<_> = own.iter().filter(|policy| pins_keys_of(policy, port.as_deref())).collect();
    if pins.iter().any(|policy| policy.when.is_none()) {
        return Verification::Verified;
    }
    let perhaps = !pins.is_empty() || balancer.unknown_along(&[POLICIES]).is_some();
    let mut found = if perhaps { Verification::Undecided } else { Verification::Unverified };
    for id in world.pointers(balancer.id, &NAMES, ON_INSTANCES, &BALANCER_NAMES) {
        let attachment = world.block(id);
        let own = attachment.text(INSTANCE_PORT);
        if own.is_some() && port.is_some() && own != port {
            continue;
        }
        let policies = attached(world, balancer, &attachment);
        let kinds: Vec<Option<Text>> = policies.iter().map(|policy| policy.text(POLICY_TYPE)).collect();
        let certain = own.is_some() && own == port && attachment.owner.exists.when().is_none();
        let surely = policies.iter().filter(|policy| policy.when.is_none() && policy.owner.exists.when().is_none());
        if certain && surely.filter_map(|policy| policy.text(POLICY_TYPE)).any(|kind| kind == PINS_KEYS) {
            return Verification::Verified;
        }
        // A policy of another kind, such as the proxy protocol's, verifies nobody.
        let others = !kinds.is_empty() && kinds.iter().all(|kind| kind.as_ref().is_some_and(|kind| kind != PINS_KEYS));
        if !others {
            found = Verification::Undecided;
        }
    }
    found
}

fn pins_keys_of(policy: &Block<'_>, port: Option<&str>) -> bool {
    let ports = policy.get(INSTANCE_PORTS).and_then(Value::as_list).unwrap_or_default();
    policy.text(POLICY_TYPE).as_deref() == Some(PINS_KEYS)
        && ports.iter().filter_map(Value::as_text).any(|own| Some(own.as_str()) == port)
}

/// The policies of the balancer that a resource attaches.
fn attached<'a>(world: &World<'a>, balancer: &Block<'a>, attachment: &Block<'a>) -> Vec<Block<'a>> {
    let own = world.pointers(balancer.id, &NAMES, POLICY, &BALANCER_NAMES);
    let links = attachment.links(world, POLICY_NAMES);
    let named = links.iter().flat_map(|link| {
        let ids = link.value.named(world, attachment.id, POLICY, &["policy_name"]);
        ids.into_iter().map(|id| (id, link.when.as_ref()))
    });
    named.filter(|(id, _)| own.contains(id)).map(|(id, when)| world.block(id).given(when)).collect()
}

/// The negotiation policy's floor; `ELBSecurityPolicy-2016-08` where no policy is set.
pub(super) fn floor<'a>(world: &World<'a>, balancer: &Block<'a>, listener: &Block<'a>) -> TlsFloor {
    if let Some(names) = listener.get(LISTENER_POLICIES) {
        return names.as_list().map_or_else(TlsFloor::unknown, |names| in_place(balancer, names));
    }
    let port = listener.text(FRONT_PORT);
    let mut set = Vec::new();
    for id in world.pointers(balancer.id, &NAMES, ON_LISTENER, &BALANCER_NAMES) {
        let policy = world.block(id);
        let own = policy.text(LISTENER_PORT);
        if own.is_none() || port.is_none() || own == port {
            set.push((policy, own.is_some() && own == port));
        }
    }
    match set.as_slice() {
        [] => by_default(listener),
        [(policy, true)] if policy.owner.exists.when().is_none() => set_apart(world, balancer, policy),
        _ => TlsFloor::unknown(),
    }
}

fn by_default(listener: &Block<'_>) -> TlsFloor {
    let Some(version) = elb_policy(ELB_DEFAULT_POLICY) else { return TlsFloor::unknown() };
    let meaning = format!("the default policy accepts {version}");
    let mut evidence = listener.defaulted(LISTENER_POLICIES, ELB_DEFAULT_POLICY, meaning);
    evidence.fact = format!("no negotiation policy: {ELB_DEFAULT_POLICY} by default");
    TlsFloor::known(version, evidence)
}

/// The floor by the policies of the balancer that the listener names.
fn in_place(balancer: &Block<'_>, names: &[Value]) -> TlsFloor {
    let is_named = |policy: &Block<'_>| {
        policy.text(POLICY_NAME).is_some_and(|name| names.iter().any(|named| named.as_str() == Some(&name)))
    };
    let policies = balancer.known_blocks(POLICIES).into_iter().filter(is_named);
    by_reference(policies.flat_map(|policy| policy.known_blocks(ATTRIBUTES)))
}

/// The floor that a resource sets: by its own attributes, or by the policy that it names.
fn set_apart<'a>(world: &World<'a>, balancer: &Block<'a>, policy: &Block<'a>) -> TlsFloor {
    let named = attached(world, balancer, policy);
    let attributes = named.iter().flat_map(|policy| policy.known_blocks(ATTRIBUTES));
    by_reference(policy.known_blocks(ATTRIBUTES).into_iter().chain(attributes))
}

/// A policy of one's own refers to one of the predefined policies; the versions that it may list instead are not read.
fn by_reference<'a>(mut attributes: impl Iterator<Item = Block<'a>>) -> TlsFloor {
    let predefined = attributes.find_map(|attribute| {
        let refers = attribute.text(ATTRIBUTE_NAME).as_deref() == Some("Reference-Security-Policy");
        let value = attribute.get(ATTRIBUTE_VALUE).filter(|_| refers && attribute.when.is_none())?;
        let name = value.as_text()?;
        let version = elb_policy(&name)?;
        let meaning = format!("this policy accepts {version}");
        Some(TlsFloor::known(version, attribute.stated(ATTRIBUTE_VALUE, &name, value, meaning)))
    });
    predefined.unwrap_or_default()
}
