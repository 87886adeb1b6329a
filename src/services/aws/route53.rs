//! Route 53: records join names to what they stand for. A record is evidence and never a node.

use crate::services::Service;
use crate::services::draft::{Destination, Draft, Lead};
use crate::services::read::{Block, Field, Link, field};
use crate::services::world::Types;

pub(super) static SERVICES: &[Service] =
    &[Service { types: RECORD, describe: describe_record }, Service { types: RECORD_GROUP, describe: describe_group }];

const RECORD: Types = Types { terraform: &["aws_route53_record"], cloudformation: &["AWS::Route53::RecordSet"] };
const RECORD_GROUP: Types = Types { terraform: &[], cloudformation: &["AWS::Route53::RecordSetGroup"] };

const NAME: Field = field("name", "Name");
const TYPE: Field = field("type", "Type");
const ALIAS: Field = field("alias", "AliasTarget");
const ALIAS_NAME: Field = field("name", "DNSName");
const RECORDS: Field = field("records", "ResourceRecords");
const RECORD_SETS: Field = field("-", "RecordSets");
const ZONE_ID: Field = field("zone_id", "HostedZoneId");
const ZONE_NAME: Field = field("name", "Name");

fn describe_group<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for record in block.known_blocks(RECORD_SETS) {
        describe_record(draft, &record);
    }
}

fn describe_record<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    // A type that is not known may be one of these; any other kind of record sends nobody anywhere.
    if block.text(TYPE).is_some_and(|kind| !matches!(kind.as_str(), "A" | "AAAA" | "CNAME")) {
        for name in names(draft, block) {
            draft.bare_host(&name);
        }
        return;
    }
    let alias = block.known_blocks(ALIAS).into_iter().flat_map(|alias| alias.links(draft.world, ALIAS_NAME));
    let links: Vec<_> = alias.chain(block.links(draft.world, RECORDS)).collect();
    for link in links {
        let lead = Lead {
            to: Destination::of_link(draft.world, block.id, &link.value),
            via: vec![block.owner.address.shared()],
            when: crate::value::When::both(block.owner.exists.when(), link.when.as_ref()),
            evidence: Vec::new(),
        };
        for name in names(draft, block) {
            draft.host(&name, lead.clone());
        }
        draft.lead(block.id, lead);
    }
}

/// The record's full names: Terraform adds the zone's name where it is missing.
fn names(draft: &Draft<'_>, block: &Block<'_>) -> Vec<String> {
    let Some(name) = block.text(NAME) else { return Vec::new() };
    let zone = block.links(draft.world, ZONE_ID).into_iter().find_map(|link| match link.value {
        Link::Resource { id, .. } => draft.world.block(id).text(ZONE_NAME),
        _ => None,
    });
    let zone = zone.or_else(|| block.text(field("-", "HostedZoneName")));
    match zone {
        Some(zone) if !name.trim_end_matches('.').ends_with(zone.trim_end_matches('.')) => {
            vec![format!("{name}.{zone}")]
        }
        _ => vec![name],
    }
}
