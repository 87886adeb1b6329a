//! API Gateway: REST, HTTP and WebSocket APIs.
//!
//! The API is the node. Stages, deployments, routes, methods, integrations, VPC links and domain names are evidence on its
//! hops, or lead to it.

mod authorizer;
mod domain;
mod events;
mod http;
mod integration;
mod openapi;
mod rest;
mod stage;
mod target;

use crate::model::{Accepts, Doubt, Evidence, Face, ListenerId, NodeKind, Operator, TlsFloor, TlsVersion};
use crate::services::Service;
use crate::services::aws::api_elsewhere;
use crate::services::draft::{Draft, Entry, Exposure, NodeFacts};
use crate::services::read::{Alternative, Block, Field, Setting, field};
use crate::services::world::ResourceId;
use crate::value::When;
use std::sync::Arc;

pub(super) static SERVICES: &[Service] = &[
    Service { types: rest::API, describe: rest::describe_api },
    Service { types: http::API, describe: http::describe_api },
    Service { types: domain::MAPPING, describe: domain::describe_mapping },
    Service { types: stage::STAGE, describe: stage::describe },
    Service { types: rest::BODY_OVERRIDE, describe: rest::describe_body },
    Service { types: rest::INTEGRATION, describe: rest::describe_integration },
    Service { types: http::INTEGRATION, describe: http::describe_integration },
    Service { types: authorizer::AUTHORIZER, describe: authorizer::describe },
    Service { types: events::OWNER, describe: events::describe },
];

const BODY: Field = field("body", "Body|DefinitionBody");
const BODY_ELSEWHERE: Field = field("-", "BodyS3Location|DefinitionUri");
const ENDPOINT_DISABLED: Field = field("disable_execute_api_endpoint", "DisableExecuteApiEndpoint");
const SECURITY_POLICY: Field = field("security_policy", "SecurityPolicy");

/// What an API's integrations have in common: where their requests come from.
#[derive(Clone)]
struct Front {
    /// The API; what names it, where it is of other code.
    api: ResourceId,
    listener: ListenerId,
    family: Family,
    via: Vec<Arc<str>>,
    when: Option<When>,
    /// Why it is not sure that requests reach the integration.
    doubt: Option<Doubt>,
}

impl Front {
    /// Whether the API that `by` names is not in this code.
    fn is_of_other_code(&self, by: &Block<'_>) -> bool {
        self.api == by.id
    }

    /// The same, under a further condition.
    fn under(&self, when: Option<&When>) -> Self {
        Self { when: When::both(self.when.as_ref(), when), ..self.clone() }
    }
}

/// The two generations of the service, which differ in what their defaults mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Rest,
    /// HTTP and WebSocket APIs.
    Http,
}

fn facts() -> NodeFacts {
    NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Aws,
        party: "API Gateway",
        why: "ends the client's TLS, reads the request and calls the integration",
    }
}

/// "API Gateway doesn't support unencrypted (HTTP) endpoints". Source: "Data protection in Amazon API Gateway".
fn open<'a>(draft: &mut Draft<'a>, block: &Block<'a>, family: Family, floor: TlsFloor) -> Front {
    let node = draft.node(block, facts());
    // Private integrations are called by their ARNs; a name is one of the internet's.
    draft.outside_networks(node);
    let meaning = "API Gateway has HTTPS endpoints only";
    let evidence = vec![Evidence::new(&*block.owner.type_name, meaning, block.owner.header)];
    let listener = draft.listen(node, Some(443), vec![Face::always(Accepts::Tls { floor, evidence })]);
    let when = block.owner.exists.when().cloned();
    Front { api: block.id, listener, family, via: Vec::new(), when, doubt: None }
}

/// Whether the API answers under the endpoint that it has from AWS.
#[derive(Clone, Debug)]
enum Endpoint {
    On,
    Off,
    Unknown(Doubt),
}

/// The attribute switches the endpoint off. Where it does not, an OpenAPI document still may: "If the argument value is `true`
/// and is different than the OpenAPI value, the argument value will override the OpenAPI value". Source: the Terraform
/// provider's `aws_api_gateway_rest_api`.
fn endpoints(block: &Block<'_>) -> Vec<Alternative<Endpoint>> {
    let mut found = Vec::new();
    for disabled in block.setting(ENDPOINT_DISABLED) {
        match disabled.value {
            Setting::Text(text, _) if text.eq_ignore_ascii_case("true") => {
                found.push(Alternative { when: disabled.when, value: Endpoint::Off });
            }
            Setting::Unknown(doubt) => {
                found.push(Alternative { when: disabled.when, value: Endpoint::Unknown(doubt) });
            }
            Setting::Text(..) | Setting::Absent => {
                let documents = openapi::endpoints(block, BODY).into_iter();
                let under = |document: Alternative<Endpoint>| Alternative {
                    when: When::both(disabled.when.as_ref(), document.when.as_ref()),
                    ..document
                };
                found.extend(documents.map(under));
            }
        }
    }
    found.retain(|endpoint| endpoint.when.as_ref().is_none_or(When::satisfiable));
    found
}

/// The API's own endpoint, unless it is off; then its domain names are the only way in.
fn admit<'a>(draft: &mut Draft<'a>, block: &Block<'a>, front: &Front, exposures: &[Alternative<Exposure>]) {
    let mapped = domain::is_mapped(draft.world, block);
    for endpoint in endpoints(block) {
        for exposure in exposures {
            let when = When::both(endpoint.when.as_ref(), exposure.when.as_ref());
            let exposure = match &endpoint.value {
                Endpoint::Off if !mapped => continue,
                Endpoint::Unknown(doubt) if !mapped => Exposure::Unknown(doubt.clone()),
                _ => exposure.value.clone(),
            };
            let when = When::both(front.when.as_ref(), when.as_ref());
            draft.admit(Entry { listener: front.listener, exposure, when, evidence: Vec::new() });
        }
    }
}

/// Whether the API's own endpoint is certainly off.
fn endpoint_is_off(block: &Block<'_>) -> bool {
    endpoints(block).iter().all(|endpoint| matches!(endpoint.value, Endpoint::Off))
}

/// The APIs that a field points to, as the start of integrations that stand in `block`: those of this code, and those that
/// other code declares.
fn fronts<'a>(draft: &mut Draft<'a>, block: &Block<'a>, api: Field, family: Family) -> Vec<Front> {
    let types = if family == Family::Rest { rest::API } else { http::API };
    let mut found = Vec::new();
    for link in block.links(draft.world, api) {
        let own = link.value.declared(draft.world, types).and_then(|id| Some((id, draft.front(id)?)));
        let (api, listener) =
            own.unwrap_or_else(|| (block.id, api_elsewhere::listener(draft, block, (&link.value, types), facts())));
        let when = When::both(block.owner.exists.when(), link.when.as_ref());
        let via = vec![block.owner.address.shared()];
        found.push(Front { api, listener, family, via, when, doubt: None });
    }
    found
}

/// The least version of a security policy; `None` for a name outside the table.
///
/// Source: "Security policies for REST APIs in API Gateway" and the API's `SecurityPolicy`, names up to 2025-09.
fn policy_floor(name: &str) -> Option<TlsVersion> {
    let dated = ["_2025_09", "_2021_06", "_2025_EDGE", "_2018_EDGE"].iter().any(|date| name.ends_with(date));
    match name {
        "TLS_1_0" => Some(TlsVersion::V1_0),
        "TLS_1_2" => Some(TlsVersion::V1_2),
        _ if !dated => None,
        _ if name.starts_with("SecurityPolicy_TLS13_1_3_") => Some(TlsVersion::V1_3),
        _ if name.starts_with("SecurityPolicy_TLS13_1_2_") => Some(TlsVersion::V1_2),
        "SecurityPolicy_TLS13_2025_EDGE" => Some(TlsVersion::V1_3),
        _ if name.starts_with("SecurityPolicy_TLS12_") => Some(TlsVersion::V1_2),
        _ => None,
    }
}

/// The floor that a security policy sets; `absent` is what applies without one.
fn floor(block: &Block<'_>, absent: TlsFloor) -> TlsFloor {
    match block.setting(SECURITY_POLICY).as_slice() {
        [Alternative { value: Setting::Absent, .. }] => absent,
        [Alternative { value: Setting::Text(name, value), .. }] => match policy_floor(name) {
            Some(version) => {
                let meaning = format!("this policy accepts {version}");
                TlsFloor::known(version, block.stated(SECURITY_POLICY, name, value, meaning))
            }
            None => TlsFloor::unknown(),
        },
        _ => TlsFloor::unknown(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_policy_is_unknown_and_not_weak() {
        assert_eq!(policy_floor("TLS_1_0"), Some(TlsVersion::V1_0));
        assert_eq!(policy_floor("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"), Some(TlsVersion::V1_2));
        assert_eq!(policy_floor("SecurityPolicy_TLS13_1_3_FIPS_2025_09"), Some(TlsVersion::V1_3));
        assert_eq!(policy_floor("SecurityPolicy_TLS12_2018_EDGE"), Some(TlsVersion::V1_2));
        assert_eq!(policy_floor("SecurityPolicy_TLS13_1_3_2027_01"), None);
    }
}
