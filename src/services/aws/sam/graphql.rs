//! GraphQL APIs: the data sources, the cache and the domain name that SAM writes into the API itself.

use super::{body, made as resource};
use crate::resource::Resource;
use crate::value::Value;

/// A kind of data source: how SAM and how AppSync spell it.
struct Kind {
    key: &'static str,
    target: &'static str,
    suffix: &'static str,
    appsync: &'static str,
    block: &'static str,
    attribute: &'static str,
}

/// Source: `AWS::Serverless::GraphQLApi` of the SAM guide, and the ids that the translator gives.
static KINDS: [Kind; 2] = [
    Kind {
        key: "DynamoDb",
        target: "TableName",
        suffix: "DynamoDBDataSource",
        appsync: "AMAZON_DYNAMODB",
        block: "DynamoDBConfig",
        attribute: "TableName",
    },
    Kind {
        key: "Lambda",
        target: "FunctionArn",
        suffix: "LambdaDataSource",
        appsync: "AWS_LAMBDA",
        block: "LambdaConfig",
        attribute: "LambdaFunctionArn",
    },
];

pub(super) fn made(api: &Resource) -> Vec<Resource> {
    let mut found = domain(api);
    found.extend(cache(api));
    for kind in &KINDS {
        let sources = api.get("DataSources").and_then(|sources| sources.get(kind.key)).and_then(Value::as_object);
        for (name, source) in sources.into_iter().flatten() {
            found.push(data_source(api, kind, name, source));
        }
    }
    found
}

fn data_source(api: &Resource, kind: &Kind, name: &str, source: &Value) -> Resource {
    let span = source.span();
    let target = source.get(kind.target).map(|target| body([(kind.attribute, target.clone())]));
    let settings = body([
        ("ApiId", Value::reference(api.address.shared(), "ApiId", span)),
        ("Type", Value::string(kind.appsync, span)),
        (kind.block, Value::object(target.unwrap_or_default(), span)),
    ]);
    resource(api, format!("{}{name}{}", api.address, kind.suffix), "AWS::AppSync::DataSource", settings, span)
}

fn cache(api: &Resource) -> Option<Resource> {
    let cache = api.get("Cache")?;
    let mut settings = cache.as_object()?.clone();
    settings.extend(body([("ApiId", Value::reference(api.address.shared(), "ApiId", cache.span()))]));
    Some(resource(api, format!("{}ApiCache", api.address), "AWS::AppSync::ApiCache", settings, cache.span()))
}

fn domain(api: &Resource) -> Vec<Resource> {
    let Some(settings) = api.get("DomainName").and_then(Value::as_object) else { return Vec::new() };
    let span = api.get("DomainName").map_or(api.header, Value::span);
    let name = format!("{}DomainName", api.address);
    let association = body([
        ("ApiId", Value::reference(api.address.shared(), "ApiId", span)),
        ("DomainName", Value::reference(name.as_str(), "DomainName", span)),
    ]);
    let joined = format!("{}DomainNameApiAssociation", api.address);
    vec![
        resource(api, name, "AWS::AppSync::DomainName", settings.clone(), span),
        resource(api, joined, "AWS::AppSync::DomainNameApiAssociation", association, span),
    ]
}
