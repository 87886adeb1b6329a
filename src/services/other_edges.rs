//! Edges and balancers of vendors whose settings e2e-lint does not read: known to stand in the way, and said to be
//! unknown. What can be reached through one of them is not followed: that the unknown can be reached is enough to leave a
//! claim open.

use super::Service;
use super::draft::{Destination, Draft, Entry, Exposure, NodeFacts, PendingHop, Place};
use super::read::Block;
use super::world::Types;
use crate::model::{Accepts, Doubt, Face, Leg, NodeKind, Operator, Segment, Transport};

pub(super) static SERVICES: &[&[Service]] = &[&[Service { types: FRONT, describe }]];

/// How the names end under which vendors serve websites at their edge. Whoever is given a name that stands for one of them
/// is given the address by which browsers come in.
const NAMES: [&str; 16] = [
    "akamaiedge.net",
    "azureedge.net",
    "azurefd.net",
    "cloudfront.net",
    "edgekey.net",
    "edgesuite.net",
    "fastly.net",
    "firebaseapp.com",
    "github.io",
    "netlify.app",
    "netlify.com",
    "pages.dev",
    "vercel-dns.com",
    "vercel.app",
    "web.app",
    "workers.dev",
];

/// Whether the host is a vendor's edge.
pub(super) fn is_name_of_one(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    NAMES.iter().any(|name| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// What clients call. Where a vendor makes a front of several resources, the one that has the address.
const FRONT: Types = Types {
    terraform: &[
        "akamai_property",
        "alicloud_alb_load_balancer",
        "alicloud_cdn_domain",
        "alicloud_cdn_domain_new",
        "alicloud_dcdn_domain",
        "alicloud_nlb_load_balancer",
        "alicloud_slb",
        "alicloud_slb_load_balancer",
        "azurerm_api_management",
        "azurerm_application_gateway",
        "azurerm_application_load_balancer_frontend",
        "azurerm_cdn_endpoint",
        "azurerm_cdn_frontdoor_endpoint",
        "azurerm_frontdoor",
        "azurerm_lb",
        "azurerm_traffic_manager_profile",
        "bigip_ltm_virtual_server",
        "bunny_pullzone",
        "bunnynet_pullzone",
        "cdn77_cdn",
        "civo_loadbalancer",
        "digitalocean_cdn",
        "digitalocean_loadbalancer",
        "edgio_property",
        "gcore_cdn_resource",
        "gcore_loadbalancer",
        "google_api_gateway_gateway",
        // The forwarding rule is the address; URL maps, backend services and proxies stand behind it.
        "google_compute_forwarding_rule",
        "google_compute_global_forwarding_rule",
        "google_network_services_edge_cache_service",
        "google_network_services_gateway",
        "hcloud_load_balancer",
        "huaweicloud_cdn_domain",
        "incapsula_site",
        "incapsula_site_v3",
        "linode_nodebalancer",
        "netlify_site_domain_settings",
        "oci_load_balancer",
        "oci_load_balancer_load_balancer",
        "oci_network_load_balancer_network_load_balancer",
        "openstack_lb_loadbalancer_v2",
        "scaleway_lb",
        "tencentcloud_cdn_domain",
        "tencentcloud_clb_instance",
        "upcloud_loadbalancer",
        "vercel_project_domain",
        "volterra_http_loadbalancer",
        "volterra_tcp_loadbalancer",
        "vultr_load_balancer",
        "yandex_cdn_resource",
    ],
    cloudformation: &[],
};

/// By the vendor that the type's name begins with.
fn party(type_name: &str) -> &'static str {
    match type_name.split('_').next().unwrap_or(type_name) {
        "akamai" => "Akamai",
        "azurerm" => "the Azure edge",
        "bunny" | "bunnynet" => "bunny.net",
        "google" => "the Google Cloud load balancer",
        "incapsula" => "Imperva",
        "netlify" => "Netlify",
        "vercel" => "Vercel",
        _ => "the load balancer or edge of another vendor",
    }
}

fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let address = &block.owner.address;
    let doubt = Doubt::new(
        format!("what {address} does"),
        format!("what a {} does with the message is not known to e2e-lint", block.owner.type_name),
        "assume in e2e-lint.yaml what stands there",
        Some(block.owner.header),
    );
    stand(draft, block, party(&block.owner.type_name), doubt);
}

/// Something that is known to stand in the way, and whose settings are not read.
pub(super) fn unread(party: &'static str) -> NodeFacts {
    let why = "stands in the way; e2e-lint does not read its settings";
    NodeFacts { kind: NodeKind::Proxy, operator: Operator::Unknown, party, why }
}

/// A node of which only its place is known, before something of which nothing is known.
pub(super) fn stand<'a>(draft: &mut Draft<'a>, block: &Block<'a>, party: &'static str, doubt: Doubt) {
    let node = draft.node(block, unread(party));
    draft.at_the_edge(node);
    let when = block.owner.exists.when().cloned();
    let from = draft.listen(node, None, vec![Face::always(Accepts::Undeclared(doubt.clone()))]);
    let exposure = Exposure::Unknown(doubt.clone());
    draft.admit(Entry { listener: from, exposure, when: when.clone(), evidence: Vec::new() });
    let place = Place::Outside(format!("what stands behind {}", block.owner.address), Some(doubt.clone()));
    draft.send(PendingHop {
        from,
        to: Destination { place, port: None },
        legs: vec![Leg::new(Transport::Unknown(doubt), Vec::new())],
        via: Vec::new(),
        evidence: Vec::new(),
        when,
        segment: Segment::Request,
        doubt: None,
    });
}
