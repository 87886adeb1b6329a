//! AppSync: GraphQL and event APIs. The API is the node; data sources are its hops.

use super::dynamodb;
use crate::model::{
    Accepts, Companion, CompanionKind, Doubt, Evidence, Face, Leg, NodeKind, Operator, Segment, TlsFloor, Transport,
    Verification,
};
use crate::resource::Mode;
use crate::services::Service;
use crate::services::draft::{Destination, Draft, Entry, Exposure, Lead, NodeFacts, PendingHop, Place, scheme_of};
use crate::services::read::{Alternative, Block, Field, Link, Setting, doubt_of, field};
use crate::services::world::{Types, World};
use crate::value::{Value, When};

pub(super) static SERVICES: &[Service] = &[
    Service { types: API, describe: describe_api },
    Service { types: DATA_SOURCE, describe: describe_data_source },
    Service { types: ASSOCIATION, describe: describe_association },
];

const API: Types = Types {
    terraform: &["aws_appsync_graphql_api", "aws_appsync_api"],
    cloudformation: &["AWS::AppSync::GraphQLApi", "AWS::AppSync::Api"],
};
const DATA_SOURCE: Types =
    Types { terraform: &["aws_appsync_datasource"], cloudformation: &["AWS::AppSync::DataSource"] };
const ASSOCIATION: Types = Types {
    terraform: &["aws_appsync_domain_name_api_association"],
    cloudformation: &["AWS::AppSync::DomainNameApiAssociation"],
};
const DOMAIN: Types = Types { terraform: &["aws_appsync_domain_name"], cloudformation: &["AWS::AppSync::DomainName"] };

const VISIBILITY: Field = field("visibility", "Visibility");
const LOG: Field = field("log_config", "LogConfig");
const LOG_LEVEL: Field = field("field_log_level", "FieldLogLevel");
const LOG_BRIEF: Field = field("exclude_verbose_content", "ExcludeVerboseContent");
const API_ID: Field = field("api_id", "ApiId");
const DOMAIN_NAME: Field = field("domain_name", "DomainName");
const TYPE: Field = field("type", "Type");

/// Where a data source of a type says what it calls: the block and the attribute in it.
struct Source {
    kind: &'static str,
    block: Field,
    nested: Field,
    target: Field,
}

const HERE: Field = field("", "");

static SOURCES: &[Source] = &[
    Source {
        kind: "AWS_LAMBDA",
        block: field("lambda_config", "LambdaConfig"),
        nested: HERE,
        target: field("function_arn", "LambdaFunctionArn"),
    },
    Source {
        kind: "AMAZON_DYNAMODB",
        block: field("dynamodb_config", "DynamoDBConfig"),
        nested: HERE,
        target: field("table_name", "TableName"),
    },
    Source {
        kind: "HTTP",
        block: field("http_config", "HttpConfig"),
        nested: HERE,
        target: field("endpoint", "Endpoint"),
    },
    Source {
        kind: "AMAZON_OPENSEARCH_SERVICE",
        block: field("opensearchservice_config", "OpenSearchServiceConfig"),
        nested: HERE,
        target: field("endpoint", "Endpoint"),
    },
    Source {
        kind: "AMAZON_ELASTICSEARCH",
        block: field("elasticsearch_config", "ElasticsearchConfig"),
        nested: HERE,
        target: field("endpoint", "Endpoint"),
    },
    Source {
        kind: "AMAZON_EVENTBRIDGE",
        block: field("event_bridge_config", "EventBridgeConfig"),
        nested: HERE,
        target: field("event_bus_arn", "EventBusArn"),
    },
    Source {
        kind: "RELATIONAL_DATABASE",
        block: field("relational_database_config", "RelationalDatabaseConfig"),
        nested: field("http_endpoint_config", "RdsHttpEndpointConfig"),
        target: field("db_cluster_identifier", "DbClusterIdentifier"),
    },
];

/// Endpoints are HTTPS only, and whoever has credentials reaches them unless the API is private.
fn describe_api<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    if block.owner.mode == Mode::Data {
        return;
    }
    let node = draft.node(
        block,
        NodeFacts {
            kind: NodeKind::Proxy,
            operator: Operator::Aws,
            party: "AWS AppSync",
            why: "ends the client's TLS, reads the request and calls the data sources",
        },
    );
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
    for log in block.blocks(LOG) {
        if log.text(LOG_LEVEL).as_deref() == Some("ALL") && log.get(LOG_BRIEF).and_then(Value::as_bool) != Some(true) {
            let meaning = "headers, contexts and results of every request are written to the log";
            let span = log.get(LOG_LEVEL).map_or(log.place(), Value::span);
            let evidence = Evidence::new(log.spell(LOG_LEVEL, "ALL"), meaning, span);
            let certain = log.get(LOG_BRIEF).is_none_or(|brief| brief.as_bool() == Some(false));
            let party = "the AppSync log".to_owned();
            draft.companion(node, Companion { party, address: None, evidence, certain, kind: CompanionKind::Inside });
        }
    }
}

fn describe_data_source<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for api in block.links(draft.world, API_ID) {
        let Link::Resource { id, .. } = api.value else { continue };
        let Some(from) = draft.front(id) else { continue };
        for (to, leg, when) in targets(draft.world, block) {
            let existence = When::both(block.owner.exists.when(), api.when.as_ref());
            draft.send(PendingHop {
                from,
                to,
                legs: vec![leg],
                via: vec![block.owner.address.shared()],
                evidence: Vec::new(),
                when: When::both(existence.as_ref(), when.as_ref()),
                segment: Segment::Request,
                doubt: None,
            });
        }
    }
}

/// Where a data source's requests go and how, for each alternative of its type.
fn targets<'a>(world: &World<'a>, block: &Block<'a>) -> Vec<(Destination, Leg, Option<When>)> {
    let mut found = Vec::new();
    for Alternative { when, value } in block.setting(TYPE) {
        let (text, written) = match value {
            Setting::Text(text, _) if text == "NONE" => continue,
            Setting::Text(text, written) => (text, written),
            Setting::Unknown(doubt) => {
                found.push((outside(doubt.clone()), Leg::new(Transport::Unknown(doubt), Vec::new()), when));
                continue;
            }
            Setting::Absent => continue,
        };
        let evidence = block.stated(TYPE, &text, written, "AppSync calls the service through its API, which is HTTPS");
        let Some(source) = SOURCES.iter().find(|source| source.kind == text) else {
            let to = Destination { place: Place::Outside(format!("{text} data source"), None), port: None };
            found.push((to, by_service(evidence), when));
            continue;
        };
        let settings = block.block(source.block).and_then(|settings| settings.block(source.nested));
        let values = settings.map(|settings| settings.values(source.target)).unwrap_or_default();
        if values.is_empty() {
            let name = source.target.spelling(block.language());
            let doubt = Doubt::new(name, format!("{name} is not known"), format!("set {name}"), Some(block.place()));
            found.push((outside(doubt.clone()), Leg::new(Transport::Unknown(doubt), Vec::new()), when.clone()));
        }
        for (value_when, value) in values {
            let (leg, port) = match text.as_str() {
                "HTTP" => by_scheme(&value),
                _ => (by_service(evidence.clone()), None),
            };
            for link in value.own_links(world) {
                let to = destination(world, &value, &text, &link.value).at_port(port);
                let when = When::both(when.as_ref(), value_when.as_ref());
                found.push((to, leg.clone(), When::both(when.as_ref(), link.when.as_ref())));
            }
        }
    }
    found
}

fn destination(world: &World<'_>, value: &Block<'_>, kind: &str, link: &Link<'_>) -> Destination {
    match link {
        Link::Text(name, _) if kind == "AMAZON_DYNAMODB" => match dynamodb::named(world, value.id, name) {
            Some(id) => Destination::resource(id),
            None => Destination { place: Place::Outside(format!("table {name}"), None), port: None },
        },
        Link::Text(text, _) if text.starts_with("arn:") => {
            Destination { place: Place::Outside(text.clone(), None), port: None }
        }
        link => Destination::of_link(world, value.id, link),
    }
}

fn outside(doubt: Doubt) -> Destination {
    Destination { place: Place::Outside(doubt.what.clone(), Some(doubt)), port: None }
}

fn by_service(evidence: Evidence) -> Leg {
    let transport = Transport::Tls { floor: TlsFloor::unknown(), verification: Verification::Unknown };
    Leg::new(transport, vec![evidence])
}

/// "The HTTP URL endpoint. You can specify either the domain name or IP, and port combination, and the URL scheme must be HTTP
/// or HTTPS": port 80 or 443 where none is given. What AppSync verifies is not documented. Source: HttpDataSourceConfig.
fn by_scheme(endpoint: &Block<'_>) -> (Leg, Option<i64>) {
    let value = endpoint.value;
    let stated = |meaning: &str| vec![Evidence::new("endpoint", meaning, value.span()).along(value)];
    match scheme_of(value).as_deref() {
        Some("http") => {
            let evidence = stated("AppSync sends the request in the clear");
            (Leg::new(Transport::Plaintext, evidence), default_port(value, 80))
        }
        Some("https") => {
            let transport = Transport::Tls { floor: TlsFloor::unknown(), verification: Verification::Unknown };
            (Leg::new(transport, stated("AppSync opens a new TLS connection")), default_port(value, 443))
        }
        _ => (Leg::new(Transport::Unknown(doubt_of(value)), Vec::new()), None),
    }
}

/// The scheme's port, for endpoints whose text shows that it names none.
fn default_port(value: &Value, port: i64) -> Option<i64> {
    let written = value.as_str().map(|text| Destination::of_text(text).port);
    match written {
        Some(None) => Some(port),
        _ => None,
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
