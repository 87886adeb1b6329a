//! What stands in the way and is not read: load balancers and proxies that other controllers and charts make.

use super::object::{Kind, Object, object};
use super::pods::{self, Delivery};
use super::{chart, ingress, service};
use crate::model::{Accepts, Doubt, Face, Leg, Transport};
use crate::services::draft::{Draft, Entry, Exposure};
use crate::services::other_edges;
use crate::services::read::{Block, Field, field};
use crate::value::Value;

const CHART: Field = field("chart", "-");
const VALUES: [Field; 3] = [field("values", "-"), field("set", "-"), field("set_sensitive", "-")];

/// Charts of proxies for whole clusters.
const PROXIES: [&str; 14] = [
    "ambassador",
    "apisix",
    "contour",
    "emissary-ingress",
    "gateway",
    "gloo",
    "haproxy-ingress",
    "istio-ingress",
    "istio-ingressgateway",
    "kong",
    "kubernetes-ingress",
    "nginx-ingress",
    "nginx-ingress-controller",
    "traefik",
];

/// A node of which only its place is known, in front of the pods of some Services.
pub(super) fn front<'a>(
    draft: &mut Draft<'a>,
    object: &Object<'a>,
    party: &'static str,
    services: &[Object<'a>],
    doubt: &Doubt,
) {
    let node = draft.node(&object.resource(), other_edges::unread(party));
    let from = draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt.clone()))]);
    let exposure = Exposure::Unknown(doubt.clone());
    draft.admit(Entry { listener: from, exposure, when: object.exists(), evidence: Vec::new() });
    let leg = Leg::new(Transport::Unknown(doubt.clone()), Vec::new());
    let delivery =
        |service| Delivery { from, front: object, service, port: None, leg: leg.clone(), when: None, doubt: None };
    if services.is_empty() {
        pods::deliver(draft, &delivery(None));
    }
    for service in services {
        pods::deliver(draft, &delivery(Some(service)));
    }
}

/// A chart is not read. One that is a proxy, or whose values speak of load balancers of AWS, stands in the way.
pub(super) fn describe_release<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let Some(name) = block.text(CHART) else { return };
    if chart::is_ingress_nginx(block.owner) {
        return;
    }
    let is_proxy = name.rsplit('/').next().is_some_and(|name| PROXIES.contains(&name));
    if !is_proxy && !speaks_of_balancers(block) {
        return;
    }
    let address = &block.owner.address;
    let doubt = Doubt::new(
        format!("what {address} installs"),
        format!("the chart {name} makes a load balancer or a proxy, and charts are not read"),
        "assume in e2e-lint.yaml what stands there",
        Some(block.owner.header),
    );
    other_edges::stand(draft, block, "the proxy that the chart installs", doubt);
}

fn speaks_of_balancers(block: &Block<'_>) -> bool {
    let mut found = false;
    for value in VALUES.into_iter().filter_map(|field| block.get(field)) {
        value.visit(&mut |value: &Value| {
            // Dots are escaped where a key stands in a path.
            let text = value.as_str().unwrap_or_default().replace('\\', "");
            found |= text.contains(service::PREFIX) || text.contains(ingress::PREFIX);
        });
    }
    found
}

/// Load balancers and proxies by the Gateway API.
pub(super) fn describe_gateway<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    if object(block).is_none_or(|object| object.kind != Kind::Gateway) {
        return;
    }
    let address = &block.owner.address;
    let doubt = Doubt::new(
        format!("what {address} does"),
        "what a Gateway does with the message is not known to e2e-lint",
        "assume in e2e-lint.yaml what stands there",
        Some(block.owner.header),
    );
    other_edges::stand(draft, block, "the gateway of the cluster", doubt);
}
