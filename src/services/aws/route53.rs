//! Route 53: records join names to what they stand for. A record is evidence and never a node.
//!
//! A zone with a VPC answers only those inside of it. Source: "Working with private hosted zones" of the Route 53 guide.

use crate::resource::Mode;
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Lead, View};
use crate::services::read::{Alternative, Block, Field, Link, Presence, Setting, field};
use crate::services::world::{Types, World};
use crate::value::When;
use crate::value::secret::Text;

pub(super) static SERVICES: &[Service] =
    &[Service { types: RECORD, describe: describe_record }, Service { types: RECORD_GROUP, describe: describe_group }];

const RECORD: Types = Types { terraform: &["aws_route53_record"], cloudformation: &["AWS::Route53::RecordSet"] };
const RECORD_GROUP: Types = Types { terraform: &[], cloudformation: &["AWS::Route53::RecordSetGroup"] };

const ZONE: Types = Types { terraform: &["aws_route53_zone"], cloudformation: &["AWS::Route53::HostedZone"] };

const NAME: Field = field("name", "Name");
const TYPE: Field = field("type", "Type");
const ALIAS: Field = field("alias", "AliasTarget");
const ALIAS_NAME: Field = field("name", "DNSName");
const RECORDS: Field = field("records", "ResourceRecords");
const RECORD_SETS: Field = field("-", "RecordSets");
const ZONE_ID: Field = field("zone_id", "HostedZoneId");
const ZONE_NAME: Field = field("name", "Name");
const VPC: Field = field("vpc", "VPCs");
/// Of a data source, which finds the zone by them.
const IS_PRIVATE: Field = field("private_zone", "-");
const OF_VPC: Field = field("vpc_id", "-");

fn describe_group<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for record in block.known_blocks(RECORD_SETS) {
        describe_record(draft, &record);
    }
}

fn describe_record<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let views = views(draft, block);
    // A type that is not known may be one of these; any other kind of record sends nobody anywhere.
    if block.text(TYPE).is_some_and(|kind| !matches!(kind.as_str(), "A" | "AAAA" | "CNAME")) {
        for name in names(draft, block) {
            views.iter().for_each(|(view, _)| draft.bare_host(*view, &name));
        }
        return;
    }
    let alias = block.known_blocks(ALIAS).into_iter().flat_map(|alias| alias.links(draft.world, ALIAS_NAME));
    let links: Vec<_> = alias.chain(block.links(draft.world, RECORDS)).collect();
    for link in links {
        let exists = When::both(block.owner.exists.when(), link.when.as_ref());
        for (view, when) in &views {
            let lead = Lead {
                to: Destination::of_link(draft.world, block.id, &link.value),
                via: vec![block.owner.address.shared()],
                when: When::both(exists.as_ref(), when.as_ref()),
                evidence: Vec::new(),
            };
            for name in names(draft, block) {
                draft.host_in(*view, &name, lead.clone());
            }
            draft.lead_in(*view, block.id, lead);
        }
    }
}

/// Whom the record's zone answers. Where the code does not tell, everybody.
fn views<'a>(draft: &Draft<'a>, block: &Block<'a>) -> Vec<(View, Option<When>)> {
    let mut found = Vec::new();
    for link in block.links(draft.world, ZONE_ID) {
        match link.value {
            Link::Resource { id, .. } if ZONE.holds(&draft.world.resource(id).type_name) => {
                found.extend(views_of_zone(draft.world, &draft.world.block(id).given(link.when.as_ref())));
            }
            _ => found.push((View::Public, link.when)),
        }
    }
    if found.is_empty() {
        found.push((View::Public, None));
    }
    found
}

fn views_of_zone(world: &World<'_>, zone: &Block<'_>) -> Vec<(View, Option<When>)> {
    if zone.owner.mode == Mode::Data {
        return views_of_looked_up(world, zone);
    }
    let mut found = Vec::new();
    for Alternative { when, value } in zone.presence(VPC) {
        match value {
            Presence::Absent => found.push((View::Public, when)),
            Presence::Block(_) => found.push((View::Private, when)),
            Presence::Unknown(_) => found.extend(either(world, zone, when.as_ref())),
        }
    }
    found
}

fn views_of_looked_up(world: &World<'_>, zone: &Block<'_>) -> Vec<(View, Option<When>)> {
    if zone.has(OF_VPC) {
        return vec![(View::Private, zone.when.clone())];
    }
    let mut found = Vec::new();
    for Alternative { when, value } in zone.setting(IS_PRIVATE) {
        match value {
            Setting::Text(text, _) if text == "true" => found.push((View::Private, when)),
            Setting::Text(..) | Setting::Absent => found.push((View::Public, when)),
            Setting::Unknown(_) => found.extend(either(world, zone, when.as_ref())),
        }
    }
    found
}

fn either(world: &World<'_>, zone: &Block<'_>, when: Option<&When>) -> [(View, Option<When>); 2] {
    let private = When::atom(format!("{} is a private zone", zone.owner.address)).within(&world.stack_of(zone.id).id);
    let public = private.negated();
    [(View::Private, When::both(when, Some(&private))), (View::Public, When::both(when, Some(&public)))]
}

/// The record's full names: Terraform adds the zone's name where it is missing.
fn names(draft: &Draft<'_>, block: &Block<'_>) -> Vec<Text> {
    let Some(name) = block.text(NAME) else { return Vec::new() };
    let zone = block.links(draft.world, ZONE_ID).into_iter().find_map(|link| match link.value {
        Link::Resource { id, .. } => draft.world.block(id).text(ZONE_NAME),
        _ => None,
    });
    let zone = zone.or_else(|| block.text(field("-", "HostedZoneName")));
    match zone {
        Some(zone) if !name.trim_end_matches('.').ends_with(zone.trim_end_matches('.')) => {
            vec![name.with(".", &zone)]
        }
        _ => vec![name],
    }
}
