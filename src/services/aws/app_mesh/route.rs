//! Which virtual nodes stand behind a virtual service: one, or those that the routes of its router name.

use super::names::{named, pointing};
use super::{LISTENERS, NODE, ROUTE, ROUTER, SERVICE, SPEC};
use crate::model::{Doubt, Leg, ListenerId, Segment, Transport};
use crate::services::draft::{Destination, Draft, PendingHop, Place};
use crate::services::read::{Block, Field, doubt_of, field};
use crate::services::world::{ResourceId, World};
use crate::value::secret::Text;
use crate::value::{Value, When};
use std::sync::Arc;

pub(super) const SERVICE_NAME: Field = field("virtual_service_name", "VirtualServiceName");
const PROVIDER: Field = field("provider", "Provider");
const OF_NODE: Field = field("virtual_node", "VirtualNode");
const OF_ROUTER: Field = field("virtual_router", "VirtualRouter");
const NODE_NAME: Field = field("virtual_node_name", "VirtualNodeName");
const ROUTER_NAME: Field = field("virtual_router_name", "VirtualRouterName");
const KINDS: [Field; 4] = [
    field("http_route", "HttpRoute"),
    field("http2_route", "Http2Route"),
    field("grpc_route", "GrpcRoute"),
    field("tcp_route", "TcpRoute"),
];
const ACTION: Field = field("action", "Action");
const TARGETS: Field = field("weighted_target", "WeightedTargets");
const TARGET: Field = field("virtual_node", "VirtualNode");
const WEIGHT: Field = field("weight", "Weight");
const PORT: Field = field("port", "Port");

/// App Mesh allows ten targets a route; of a service with more than this many it is not followed where requests go.
const MOST_TARGETS: usize = 64;

/// A virtual node that requests may go to.
struct Target {
    node: ResourceId,
    port: Option<i64>,
    via: Vec<Arc<str>>,
    when: Option<When>,
}

/// A sender in the mesh, under its client policies.
pub(super) struct Sender<'b, 'a> {
    pub from: ListenerId,
    pub policies: Option<&'b Block<'a>>,
    pub when: Option<&'b When>,
}

/// Sends requests to the virtual service that `block` names.
pub(super) fn send<'a>(draft: &mut Draft<'a>, sender: &Sender<'_, 'a>, block: &Block<'a>, port: Option<i64>) {
    let services = named(draft.world, block, SERVICE_NAME, SERVICE);
    let (mut sent, mut too_many) = (false, false);
    let mut unread = None;
    for (service, when) in &services {
        let targets = targets(draft.world, *service, port);
        unread = unread.or_else(|| unread_behind(draft.world, *service, &targets));
        if targets.len() > MOST_TARGETS {
            too_many = true;
            continue;
        }
        for target in targets {
            let exists = draft.world.resource(*service).exists.when();
            let when = When::both(When::both(exists, when.as_ref()).as_ref(), target.when.as_ref());
            for hop in hops(draft, sender, &target, When::both(sender.when, when.as_ref()).as_ref()) {
                sent = true;
                draft.send(hop);
            }
        }
    }
    if !sent || too_many || unread.is_some() {
        draft.send(to_nowhere(sender, block, unread));
    }
}

/// Why there may be more behind a virtual service than is known.
fn unread_behind<'a>(world: &World<'a>, service: ResourceId, targets: &[Target]) -> Option<Doubt> {
    let block = world.block(service);
    let providers = [OF_NODE, OF_ROUTER].into_iter().find_map(|of| block.unknown_along(&[SPEC, PROVIDER, of]));
    let of_route = |route: ResourceId| {
        KINDS.into_iter().find_map(|kind| world.block(route).unknown_along(&[SPEC, kind, ACTION, TARGETS]))
    };
    let routers = block.known_along(&[SPEC, PROVIDER, OF_ROUTER]).into_iter();
    let routers = routers.flat_map(|router| named(world, &router, ROUTER_NAME, ROUTER));
    let mut routes = routers.flat_map(|(router, _)| pointing(world, router, ROUTE, ROUTER_NAME, ROUTER));
    providers.or_else(|| routes.find_map(|(route, _)| of_route(route))).or_else(|| {
        let mut nodes = targets.iter().take(MOST_TARGETS);
        nodes.find_map(|target| world.block(target.node).unknown_along(&[SPEC, LISTENERS]))
    })
}

fn hops<'a>(draft: &Draft<'a>, sender: &Sender<'_, 'a>, target: &Target, when: Option<&When>) -> Vec<PendingHop> {
    let node = draft.world.block(target.node);
    let mut via = target.via.clone();
    via.push(draft.world.address(target.node));
    let mut found = Vec::new();
    for listener in super::listeners(&node) {
        let port = super::tls::port(&listener);
        if target.port.is_some() && port.is_some() && port != target.port {
            continue;
        }
        for (to, own) in super::destinations(draft, &node) {
            let there = When::both(node.owner.exists.when(), listener.when.as_ref());
            let when = When::both(When::both(when, own.as_ref()).as_ref(), there.as_ref());
            found.push(PendingHop {
                from: sender.from,
                to: to.at_port(port),
                legs: super::tls::legs(sender.policies, &listener),
                via: via.clone(),
                evidence: Vec::new(),
                when,
                segment: Segment::Request,
                doubt: None,
            });
        }
    }
    found
}

/// The virtual service, or what stands behind it, is not in this code, or is too much.
fn to_nowhere(sender: &Sender<'_, '_>, block: &Block<'_>, unread: Option<Doubt>) -> PendingHop {
    let value = block.get(SERVICE_NAME).unwrap_or(block.value);
    let name = Text::of(value).map_or_else(|| doubt_of(value).what, String::from);
    let message = format!("it is not known which virtual nodes stand behind the virtual service {name}");
    let settle = "lint the code that declares it together with this code";
    let doubt = unread.unwrap_or_else(|| Doubt::new(name.clone(), message, settle, Some(value.span())));
    PendingHop {
        from: sender.from,
        to: Destination { place: Place::Outside(name, Some(doubt.clone())), port: None },
        legs: vec![Leg::new(Transport::Unknown(doubt), Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when: When::both(sender.when, block.when.as_ref()),
        segment: Segment::Request,
        doubt: None,
    }
}

fn targets(world: &World<'_>, service: ResourceId, port: Option<i64>) -> Vec<Target> {
    let block = world.block(service);
    let mut found = Vec::new();
    for provider in block.known_along(&[SPEC, PROVIDER]) {
        for node in provider.known_blocks(OF_NODE) {
            for (node, when) in named(world, &node, NODE_NAME, NODE) {
                found.push(Target { node, port, via: vec![block.owner.address.shared()], when });
            }
        }
        for router in provider.known_blocks(OF_ROUTER) {
            for (router, when) in named(world, &router, ROUTER_NAME, ROUTER) {
                found.extend(of_router(world, service, router, when.as_ref()));
            }
        }
    }
    found
}

fn of_router(world: &World<'_>, service: ResourceId, router: ResourceId, when: Option<&When>) -> Vec<Target> {
    let mut found = Vec::new();
    for (route, route_when) in pointing(world, router, ROUTE, ROUTER_NAME, ROUTER) {
        let route = world.block(route);
        let via = vec![world.address(service), world.address(router), world.address(route.id)];
        for target in KINDS.into_iter().flat_map(|kind| route.known_along(&[SPEC, kind, ACTION, TARGETS])) {
            let idle = target.idle(WEIGHT);
            let idle = When::both(route_when.as_ref(), idle.as_ref());
            for (node, own) in named(world, &target, TARGET, NODE) {
                let own = When::both(idle.as_ref(), own.as_ref());
                found.push(Target {
                    node,
                    port: target.get(PORT).and_then(Value::as_integer),
                    via: via.clone(),
                    when: When::both(when, own.as_ref()),
                });
            }
            if found.len() > MOST_TARGETS {
                return found;
            }
        }
    }
    found
}
