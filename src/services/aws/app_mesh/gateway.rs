//! Virtual gateways: proxies without an application, by which requests come into the mesh.

use super::names::pointing;
use super::route::{self, Sender};
use super::{BACKEND_DEFAULTS, GATEWAY, LISTENERS, SPEC, listeners, services_behind, tls};
use crate::model::{Doubt, ListenerId, NodeId, NodeKind, Operator};
use crate::services::draft::{Draft, Entry, Exposure, NodeFacts};
use crate::services::read::{Block, Field, field};
use crate::services::world::{ResourceId, Types};
use crate::value::{Value, When};

const GATEWAY_ROUTE: Types =
    Types { terraform: &["aws_appmesh_gateway_route"], cloudformation: &["AWS::AppMesh::GatewayRoute"] };

const GATEWAY_OF: Field = field("virtual_gateway_name", "VirtualGatewayName");
const KINDS: [Field; 3] =
    [field("http_route", "HttpRoute"), field("http2_route", "Http2Route"), field("grpc_route", "GrpcRoute")];
const ACTION: Field = field("action", "Action");
const TARGET: Field = field("target", "Target");
const TARGET_SERVICE: Field = field("virtual_service", "VirtualService");
const PORT: Field = field("port", "Port");

const PARTY: &str = "the virtual gateway";
const WHY: &str = "ends the connection and opens a new one into the mesh";

pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let routes = pointing(draft.world, block.id, GATEWAY_ROUTE, GATEWAY_OF, GATEWAY);
    for (from, when) in ways_in(draft, block) {
        for (id, route_when) in &routes {
            let when = When::both(when.as_ref(), route_when.as_ref());
            send_by_route(draft, block, *id, from, when.as_ref());
        }
    }
}

fn send_by_route<'a>(
    draft: &mut Draft<'a>,
    gateway: &Block<'a>,
    route: ResourceId,
    from: ListenerId,
    when: Option<&When>,
) {
    let node = draft.model.listener(from).node;
    let defaults = draft.blocks(node, gateway, &[SPEC, BACKEND_DEFAULTS]).into_iter().next();
    let route = draft.world.block(route);
    let targets = KINDS.into_iter().flat_map(|kind| draft.blocks(node, &route, &[SPEC, kind, ACTION, TARGET]));
    for target in targets.collect::<Vec<_>>() {
        let port = target.get(PORT).and_then(Value::as_integer);
        for service in draft.blocks(node, &target, &[TARGET_SERVICE]) {
            let when = When::both(when, service.when.as_ref());
            let sender = Sender { from, policies: defaults.as_ref(), when: when.as_ref() };
            route::send(draft, &sender, &service, port);
        }
    }
}

/// The listeners of the gateway, on the services that run it or on a node of its own.
fn ways_in<'a>(draft: &mut Draft<'a>, block: &Block<'a>) -> Vec<(ListenerId, Option<When>)> {
    let node_of = |(service, when): (ResourceId, Option<When>)| {
        Some((draft.home(service)?, draft.front(service)?, When::both(block.owner.exists.when(), when.as_ref())))
    };
    let runners: Vec<_> = services_behind(draft, block.id).into_iter().filter_map(node_of).collect();
    if runners.is_empty() {
        return on_its_own(draft, block);
    }
    let mut found = Vec::new();
    for (node, front, when) in runners {
        become_gateway(draft, node);
        draft.blocks(node, block, &[SPEC, LISTENERS]);
        for (number, listener) in listeners(block).iter().enumerate() {
            let (port, faces) = (tls::port(listener), tls::faces(listener));
            let id = if number == 0 {
                let own = &mut draft.model.listeners[front.0];
                (own.port, own.faces) = (port, faces);
                front
            } else {
                draft.listen(node, port, faces)
            };
            found.push((id, When::both(when.as_ref(), listener.when.as_ref())));
        }
    }
    found
}

/// What runs nothing but the gateway's proxy is no end.
fn become_gateway(draft: &mut Draft<'_>, node: NodeId) {
    let node = &mut draft.model.nodes[node.0];
    node.kind = NodeKind::Proxy;
    PARTY.clone_into(&mut node.party);
    WHY.clone_into(&mut node.why);
}

fn on_its_own<'a>(draft: &mut Draft<'a>, block: &Block<'a>) -> Vec<(ListenerId, Option<When>)> {
    let facts = NodeFacts { kind: NodeKind::Proxy, operator: Operator::Customer, party: PARTY, why: WHY };
    let node = draft.node(block, facts);
    draft.blocks(node, block, &[SPEC, LISTENERS]);
    let what = format!("what calls {}", block.owner.address);
    let message =
        format!("{} is run elsewhere, and from where it can be called is not in this code", block.owner.address);
    let settle = "lint the code that runs the gateway together with this code";
    let doubt = Doubt::new(what, message, settle, Some(block.owner.header));
    let mut found = Vec::new();
    for listener in listeners(block) {
        let id = draft.listen(node, tls::port(&listener), tls::faces(&listener));
        let when = When::both(block.owner.exists.when(), listener.when.as_ref());
        let exposure = Exposure::Unknown(doubt.clone());
        draft.admit(Entry { listener: id, exposure, when: when.clone(), evidence: Vec::new() });
        found.push((id, when));
    }
    found
}
