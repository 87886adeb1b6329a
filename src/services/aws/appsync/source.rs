//! Data sources: where an AppSync API's requests go, and how.

use super::{API, API_ID, facts};
use crate::model::{Doubt, Evidence, Leg, Segment, TlsFloor, Transport, Verification};
use crate::services::aws::{api_elsewhere, dynamodb};
use crate::services::draft::{Destination, Draft, PendingHop, Place, scheme_of};
use crate::services::read::{Alternative, Block, Field, Link, Setting, doubt_of, field};
use crate::services::world::{Types, World};
use crate::value::{Value, When};

pub(super) const DATA_SOURCE: Types =
    Types { terraform: &["aws_appsync_datasource"], cloudformation: &["AWS::AppSync::DataSource"] };

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

pub(super) fn describe<'a>(draft: &mut Draft<'a>, block: &Block<'a>) {
    for api in block.links(draft.world, API_ID) {
        let own = api.value.declared(draft.world, API).and_then(|id| draft.front(id));
        let from = own.unwrap_or_else(|| api_elsewhere::listener(draft, block, (&api.value, API), facts()));
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
        let Some(source) = SOURCES.iter().find(|source| text == source.kind) else {
            let to = Destination { place: Place::Outside(format!("{text} data source"), None), port: None };
            found.push((to, by_service(evidence), when));
            continue;
        };
        let path = [source.block, source.nested];
        let settings = block.known_along(&path).into_iter();
        let values: Vec<_> = settings.flat_map(|settings| settings.values(source.target)).collect();
        let missing = || {
            let name = source.target.spelling(block.language());
            Doubt::new(name, format!("{name} is not known"), format!("set {name}"), Some(block.place()))
        };
        if let Some(doubt) = block.unknown_along(&path).or_else(|| values.is_empty().then(missing)) {
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
            Destination { place: Place::Outside(text.to_string(), None), port: None }
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
