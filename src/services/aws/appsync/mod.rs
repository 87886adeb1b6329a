//! AppSync: GraphQL and event APIs. The API is the node; data sources are its hops.

mod authorizer;
mod source;

use crate::model::{Accepts, Companion, Evidence, Face, NodeId, NodeKind, Operator, TlsFloor};
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts};
use crate::services::read::{Alternative, Block, Field, Link, Setting, field};
use crate::services::world::Types;
use crate::value::When;

pub(super) static SERVICES: &[Service] = &[
    Service { types: API, describe: describe_api },
    Service { types: source::DATA_SOURCE, describe: source::describe },
    Service { types: ASSOCIATION, describe: describe_association },
];

const SAM_API: &str = "AWS::Serverless::GraphQLApi";

const API: Types = Types {
    terraform: &["aws_appsync_graphql_api", "aws_appsync_api"],
    cloudformation: &["AWS::AppSync::GraphQLApi", "AWS::AppSync::Api", SAM_API],
};
const ASSOCIATION: Types = Types {
    terraform: &["aws_appsync_domain_name_api_association"],
    cloudformation: &["AWS::AppSync::DomainNameApiAssociation"],
};
const DOMAIN: Types = Types { terraform: &["aws_appsync_domain_name"], cloudformation: &["AWS::AppSync::DomainName"] };

const VISIBILITY: Field = field("visibility", "Visibility");
const LOG: Field = field("log_config", "LogConfig|Logging");
const SAM_LOG: Field = field("-", "Logging");
const LOG_LEVEL: Field = field("field_log_level", "FieldLogLevel");
const LOG_BRIEF: Field = field("exclude_verbose_content", "ExcludeVerboseContent");
const API_ID: Field = field("api_id", "ApiId");
const DOMAIN_NAME: Field = field("domain_name", "DomainName");

fn facts() -> NodeFacts {
    NodeFacts {
        kind: NodeKind::Proxy,
        operator: Operator::Aws,
        party: "AWS AppSync",
        why: "ends the client's TLS, reads the request and calls the data sources",
    }
}

/// Endpoints are HTTPS only, and whoever has credentials reaches them unless the API is private.
fn describe_api<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    let node = draft.node(block, facts());
    let meaning = "AppSync has HTTPS endpoints only";
    let evidence = vec![Evidence::new(&*block.owner.type_name, meaning, block.owner.header)];
    let accepts = Accepts::Tls { floor: TlsFloor::unknown(), evidence };
    let listener = draft.listen(node, Some(443), vec![Face::always(accepts)]);
    for Alternative { when, value } in block.setting(VISIBILITY) {
        let exposure = match value {
            Setting::Text(text, _) if text == "PRIVATE" => Exposure::Private,
            Setting::Unknown(doubt) => Exposure::Unknown(doubt),
            Setting::Text(..) | Setting::Absent => Exposure::Internet,
        };
        let when = When::both(block.owner.exists.when(), when.as_ref());
        draft.admit(Entry { listener, exposure, when, evidence: Vec::new() });
    }
    authorizer::describe(draft, node, block);
    describe_log(draft, node, block);
}

/// The level ALL writes whole requests to the log, unless they are to be left out. SAM logs on that level unless it is told
/// otherwise, and only `Logging: false` turns its log off. Source: the SAM translator.
fn describe_log<'a>(draft: &mut Draft<'a>, node: NodeId, block: &Block<'a>) {
    const EVERYTHING: &str = "headers, contexts and results of every request are written to the log";
    let by_sam = &*block.owner.type_name == SAM_API;
    let mut found: Vec<(Evidence, bool)> = Vec::new();
    let party = "the AppSync log";
    let logs = if by_sam { block.known_blocks(LOG) } else { draft.readers(node, block, &[LOG], party) };
    for log in &logs {
        let by_default = || (log.defaulted(LOG_LEVEL, "ALL", EVERYTHING), log.when.is_none());
        let level = log.switched_on(LOG_LEVEL, "ALL", EVERYTHING);
        let level = level.or_else(|| (by_sam && !log.has(LOG_LEVEL)).then(by_default));
        match (level, log.text(LOG_BRIEF).as_deref()) {
            (None, _) | (Some(_), Some("true")) => {}
            (Some((evidence, certain)), Some("false")) => found.push((evidence, certain)),
            (Some((evidence, certain)), _) => found.push((evidence, certain && !log.has(LOG_BRIEF))),
        }
    }
    if by_sam && !block.has(SAM_LOG) {
        found.push((block.defaulted(SAM_LOG, "everything", EVERYTHING), true));
    } else if by_sam && logs.is_empty() {
        found.extend(block.switched_on(SAM_LOG, "true", EVERYTHING));
    }
    for (evidence, certain) in found {
        draft.companion(node, Companion::inside(party, evidence, certain));
    }
}

/// A custom domain name leads to the API.
fn describe_association<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for api in block.links(draft.world, API_ID) {
        let Link::Resource { id: api_id, .. } = api.value else { continue };
        let lead = Lead {
            to: Destination::resource(api_id),
            via: vec![block.owner.address.shared()],
            when: When::both(block.owner.exists.when(), api.when.as_ref()),
            evidence: Vec::new(),
        };
        for domain in block.links(draft.world, DOMAIN_NAME) {
            let (ids, name) = match &domain.value {
                Link::Resource { id, .. } => (vec![*id], draft.world.block(*id).text(DOMAIN_NAME)),
                Link::Text(name, _) => {
                    let ids = draft.world.named(block.id, DOMAIN, &["domain_name", "DomainName"], name);
                    (ids, Some(name.clone()))
                }
                _ => (Vec::new(), None),
            };
            for id in ids {
                draft.lead(id, lead.clone());
            }
            if let Some(name) = name {
                draft.host(&name, lead.clone());
            }
        }
    }
}
