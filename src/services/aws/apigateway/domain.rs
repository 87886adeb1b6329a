//! Custom domain names and the mappings that join them to an API.

use super::floor;
use crate::model::TlsFloor;
use crate::services::draft::{Destination, Draft, Lead};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::{ResourceId, Types, World};
use crate::value::When;
use crate::value::secret::Text;

pub(super) const MAPPING: Types = Types {
    terraform: &["aws_api_gateway_base_path_mapping", "aws_apigatewayv2_api_mapping"],
    cloudformation: &[
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::BasePathMappingV2",
        "AWS::ApiGatewayV2::ApiMapping",
    ],
};
const DOMAIN: Types = Types {
    terraform: &["aws_api_gateway_domain_name", "aws_apigatewayv2_domain_name"],
    cloudformation: &["AWS::ApiGateway::DomainName", "AWS::ApiGateway::DomainNameV2", "AWS::ApiGatewayV2::DomainName"],
};

const MAPPED_API: Field = field("api_id", "RestApiId|ApiId");
const MAPPED_DOMAIN: Field = field("domain_name", "DomainName|DomainNameArn");
const NAME: Field = field("domain_name", "DomainName");
const CONFIGURATION: Field = field("domain_name_configuration", "DomainNameConfigurations");
const SAM_DOMAIN: Field = field("-", "Domain");

/// Whether the API has a domain name of its own.
pub(super) fn is_mapped(world: &World<'_>, api: &Block<'_>) -> bool {
    api.has(SAM_DOMAIN) || !world.referrers(api.id, MAPPING).is_empty()
}

/// Domain resources lead to the APIs that are mapped to them, and so do the names themselves.
pub(super) fn describe_mapping<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for api in block.links(draft.world, MAPPED_API) {
        let Link::Resource { id: api_id, .. } = api.value else { continue };
        for domain in block.links(draft.world, MAPPED_DOMAIN) {
            let existence = When::both(block.owner.exists.when(), api.when.as_ref());
            let lead = Lead {
                to: Destination::resource(api_id),
                via: vec![block.owner.address.shared()],
                when: When::both(existence.as_ref(), domain.when.as_ref()),
                evidence: Vec::new(),
            };
            let (resources, name) = named(draft.world, block.id, &domain.value);
            for id in resources {
                let mut lead = lead.clone();
                lead.via.insert(0, draft.world.address(id));
                draft.lead(id, lead);
            }
            if let Some(name) = name {
                draft.host(&name, lead);
            }
        }
    }
}

/// The domain resources that a link names, and the domain name.
fn named(world: &World<'_>, from: ResourceId, link: &Link<'_>) -> (Vec<ResourceId>, Option<Text>) {
    match link {
        Link::Resource { id, .. } => (vec![*id], world.block(*id).text(NAME)),
        Link::Text(name, _) => (world.named(from, DOMAIN, &["domain_name", "DomainName"], name), Some(name.clone())),
        _ => (Vec::new(), None),
    }
}

/// SAM writes the domain name into the API.
pub(super) fn describe_own<'a>(draft: &mut Draft<'a>, api: &Block<'a>) {
    for domain in api.known_blocks(SAM_DOMAIN) {
        if let Some(name) = domain.text(NAME) {
            let to = Destination::resource(api.id);
            draft.host(&name, Lead::to(to, None));
        }
    }
}

/// The least version over all domain names of an API; unknown where one of them is.
pub(super) fn weakest(world: &World<'_>, api: &Block<'_>) -> TlsFloor {
    if api.unknown_along(&[SAM_DOMAIN]).is_some() {
        return TlsFloor::unknown();
    }
    let mut floors: Vec<TlsFloor> =
        api.known_blocks(SAM_DOMAIN).iter().map(|domain| floor(domain, TlsFloor::unknown())).collect();
    for mapping in world.referrers(api.id, MAPPING) {
        for link in world.block(mapping).links(world, MAPPED_DOMAIN) {
            let (resources, _) = named(world, mapping, &link.value);
            if resources.is_empty() {
                return TlsFloor::unknown();
            }
            for id in resources {
                let domain = world.block(id);
                let settings = domain.known_blocks(CONFIGURATION);
                if domain.unknown_along(&[CONFIGURATION]).is_some() {
                    return TlsFloor::unknown();
                }
                let settings = if settings.is_empty() { vec![domain] } else { settings };
                floors.extend(settings.iter().map(|settings| floor(settings, TlsFloor::unknown())));
            }
        }
    }
    // An unknown version is less than any known one.
    floors.into_iter().min_by_key(|floor| floor.version).unwrap_or_default()
}
