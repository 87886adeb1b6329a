//! Tenants of a multi-tenant distribution: the names by which viewers call it, and the values that stand for `{{name}}` in
//! the addresses of its origins.
//!
//! Source: "How multi-tenant distributions work" of the CloudFront guide, and the API's `DistributionTenant`.

use crate::model::Doubt;
use crate::services::draft::{Destination, Draft, Lead, Place};
use crate::services::read::{Alternative, Block, Field, Link, field};
use crate::services::world::{Types, World};
use crate::value::secret::Text;
use crate::value::{Value, When};

pub(super) const TENANT: Types = Types {
    terraform: &["aws_cloudfront_distribution_tenant"],
    cloudformation: &["AWS::CloudFront::DistributionTenant"],
};

const ENABLED: Field = field("enabled", "Enabled");
const DISTRIBUTION: Field = field("distribution_id", "DistributionId");
const DOMAINS: Field = field("domain", "Domains");
const GROUP: Field = field("connection_group_id", "ConnectionGroupId");
const PARAMETERS: Field = field("parameter", "Parameters");
const NAME: Field = field("name", "Name");
const VALUE: Field = field("value", "Value");

/// A tenant's names lead to its distribution, and so does its connection group, to whose endpoint DNS points.
pub(super) fn describe<'a>(draft: &mut Draft<'a>, tenant: &Block<'a>) {
    let Some(on) = tenant.unless_off(ENABLED) else { return };
    let exists = When::both(tenant.owner.exists.when(), on.as_ref());
    for distribution in tenant.links(draft.world, DISTRIBUTION) {
        let Link::Resource { id, .. } = distribution.value else { continue };
        let lead = Lead {
            to: Destination::resource(id),
            via: vec![tenant.owner.address.shared()],
            when: When::both(exists.as_ref(), distribution.when.as_ref()),
            evidence: Vec::new(),
        };
        for name in texts(tenant.get(DOMAINS)) {
            draft.host(&name, lead.clone());
        }
        for group in tenant.links(draft.world, GROUP) {
            if let Link::Resource { id, .. } = group.value {
                draft.lead(id, lead.clone());
            }
        }
        draft.lead(tenant.id, lead);
    }
}

/// Terraform nests each name in a block of its own.
fn texts(value: Option<&Value>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(value) = value {
        value.visit(&mut |inner| found.extend(inner.as_str().map(str::to_owned)));
    }
    found
}

/// Where an origin leads whose address holds `{{name}}`: to one place for each tenant, to an unknown one without tenants.
pub(super) fn destinations(world: &World<'_>, origin: &Block<'_>, text: &Text) -> Vec<(Destination, Option<When>)> {
    let mut found = Vec::new();
    for tenant in world.referrers(origin.id, TENANT).into_iter().map(|id| world.block(id)) {
        let when = tenant.owner.exists.when().cloned();
        found.push((filled(world, &tenant, text).unwrap_or_else(|| open(origin, text)), when));
    }
    if found.is_empty() {
        found.push((open(origin, text), None));
    }
    found
}

/// The address with the first parameter filled in by a tenant. A value that is an attribute of a resource leads to that.
fn filled<'a>(world: &World<'a>, tenant: &Block<'a>, text: &str) -> Option<Destination> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    let parameters = tenant.known_blocks(PARAMETERS).into_iter();
    let mut named = parameters.filter(|parameter| parameter.text(NAME).as_deref() == Some(name.trim()));
    let parameter = named.next().filter(|parameter| parameter.when.is_none())?;
    let links = parameter.links(world, VALUE);
    match links.as_slice() {
        [Alternative { when: None, value: Link::Text(value, written) }]
            if !written.sensitive && !after.contains("{{") =>
        {
            Some(Destination::of_text(&format!("{before}{value}{after}")))
        }
        [Alternative { when: None, value: link @ Link::Text(_, value) }] if value.sensitive => {
            Some(Destination::of_link(world, tenant.id, link))
        }
        [Alternative { when: None, value: link @ Link::Resource { .. } }] if before.is_empty() && after.is_empty() => {
            Some(Destination::of_link(world, tenant.id, link))
        }
        _ => None,
    }
}

fn open(origin: &Block<'_>, text: &Text) -> Destination {
    let message = format!("the tenants of {} decide what {text} is", origin.owner.address);
    let settle = "lint the code that declares the tenants together with this code";
    let doubt = Doubt::new(text, message, settle, Some(origin.place()));
    Destination { place: Place::Outside(text.to_string(), Some(doubt)), port: None }
}
