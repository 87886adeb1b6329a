//! How data sources find resources that another root module makes: by a name, or by tags.

use crate::resource::{Address, Resource};
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A data source that looks one resource up by a name that is unique in its account and region.
struct ByName {
    data: &'static str,
    argument: &'static str,
    managed: &'static str,
    attribute: &'static str,
}

const fn by_name(data: &'static str, argument: &'static str, managed: &'static str, attribute: &'static str) -> ByName {
    ByName { data, argument, managed, attribute }
}

/// Source: the data sources' pages in the documentation of the AWS provider.
const BY_NAME: &[ByName] = &[
    by_name("aws_lb", "name", "aws_lb", "name"),
    by_name("aws_alb", "name", "aws_lb", "name"),
    by_name("aws_lb_target_group", "name", "aws_lb_target_group", "name"),
    by_name("aws_alb_target_group", "name", "aws_lb_target_group", "name"),
    by_name("aws_elb", "name", "aws_elb", "name"),
    by_name("aws_security_group", "name", "aws_security_group", "name"),
    by_name("aws_ecs_cluster", "cluster_name", "aws_ecs_cluster", "name"),
    by_name("aws_lambda_function", "function_name", "aws_lambda_function", "function_name"),
    by_name("aws_autoscaling_group", "name", "aws_autoscaling_group", "name"),
    by_name("aws_s3_bucket", "bucket", "aws_s3_bucket", "bucket"),
    by_name("aws_dynamodb_table", "name", "aws_dynamodb_table", "name"),
    by_name("aws_db_instance", "db_instance_identifier", "aws_db_instance", "identifier"),
    by_name("aws_rds_cluster", "cluster_identifier", "aws_rds_cluster", "cluster_identifier"),
    by_name("aws_sqs_queue", "name", "aws_sqs_queue", "name"),
    by_name("aws_sns_topic", "name", "aws_sns_topic", "name"),
    by_name("aws_kms_alias", "name", "aws_kms_alias", "name"),
    by_name("aws_secretsmanager_secret", "name", "aws_secretsmanager_secret", "name"),
];

/// Data sources that look one resource up by its tags, with the argument that holds them. A `filter` block serves as well.
/// Source: as above.
const BY_TAGS: &[(&str, &str, &str)] = &[
    ("aws_lb", "tags", "aws_lb"),
    ("aws_alb", "tags", "aws_lb"),
    ("aws_security_group", "tags", "aws_security_group"),
    ("aws_vpc", "tags", "aws_vpc"),
    ("aws_subnet", "tags", "aws_subnet"),
    ("aws_instance", "instance_tags", "aws_instance"),
    ("aws_eip", "tags", "aws_eip"),
];

/// Data sources that look one resource up by what identifies it, with the argument that holds that. Source: as above.
const BY_IDENTIFIER: &[(&str, &str, &str)] = &[
    ("aws_route53_zone", "zone_id", "aws_route53_zone"),
    ("aws_lb", "arn", "aws_lb"),
    ("aws_alb", "arn", "aws_lb"),
    ("aws_lb_target_group", "arn", "aws_lb_target_group"),
    ("aws_alb_target_group", "arn", "aws_lb_target_group"),
];

/// The argument by which such a data source is told what to look up.
pub(crate) fn identifier(data: &str) -> Option<&'static str> {
    BY_IDENTIFIER.iter().find(|(name, ..)| *name == data).map(|(_, argument, _)| *argument)
}

/// Whether the data source finds the managed resource at this address by this attribute of it.
pub(crate) fn identifies(data: &str, address: &str, attribute: &str) -> bool {
    let plain = Address::new(address).without_keys();
    let type_name = plain.rsplit('.').nth(1).unwrap_or_default();
    if plain.rsplit('.').nth(2) == Some("data") {
        return false;
    }
    let type_name = if type_name == "aws_alb" { "aws_lb" } else { type_name };
    let types = BY_IDENTIFIER.iter().filter(|(name, ..)| *name == data);
    matches!(attribute, "id" | "arn" | "zone_id") && types.into_iter().any(|(.., managed)| *managed == type_name)
}

/// Where names are found: the same one in another account or region is another resource's.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Place {
    /// `None` where it is not known.
    pub(crate) account: Option<Arc<str>>,
    pub(crate) region: Option<Arc<str>>,
    /// Whether the code names a region, by a value that is not known.
    pub(crate) is_open: bool,
}

impl Place {
    /// Whether nothing that is known speaks against a resource of the type being found from `other`.
    pub(crate) fn may_see(&self, managed: &str, other: &Self) -> bool {
        let differ =
            |one: &Option<Arc<str>>, other: &Option<Arc<str>>| one.is_some() && other.is_some() && one != other;
        managed == BUCKET || !(differ(&self.account, &other.account) || differ(&self.region, &other.region))
    }

    /// Whether it is seen, as far as regions go. One that the code says on one side only by a value that is not known may be
    /// another; where the code says none, all are made in the same.
    pub(crate) fn sees(&self, managed: &str, other: &Self) -> bool {
        let may_differ = |open: &Self, other: &Self| open.is_open && other.region.is_some();
        managed == BUCKET || !(may_differ(self, other) || may_differ(other, self))
    }
}

/// No two buckets have the same name.
const BUCKET: &str = "aws_s3_bucket";

/// What a data source looks for, with the type of the resource that it finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Named(&'static str, String),
    Tagged(&'static str, BTreeMap<String, String>),
}

/// A resource's tags; `None` for a value that is not known, and for all of them where not even the names are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tags(Option<BTreeMap<String, Option<String>>>);

impl Tags {
    /// Whether the resource surely has these tags.
    pub(crate) fn matches(&self, wanted: &BTreeMap<String, String>) -> bool {
        let has = |(key, value): (&String, &String)| {
            self.0.as_ref().is_some_and(|tags| tags.get(key).is_some_and(|own| own.as_ref() == Some(value)))
        };
        wanted.iter().all(has)
    }

    /// Whether nothing that is known speaks against it.
    pub(crate) fn may_match(&self, wanted: &BTreeMap<String, String>) -> bool {
        let Some(tags) = &self.0 else { return true };
        wanted.iter().all(|(key, value)| tags.get(key).is_some_and(|own| own.as_ref().is_none_or(|own| own == value)))
    }
}

/// Whether a data source of this type looks up a resource that another root may have.
pub(crate) fn is_one(data: &str) -> bool {
    BY_NAME.iter().any(|lookup| lookup.data == data) || BY_TAGS.iter().any(|(name, ..)| *name == data)
}

/// Whether the attribute is what the data source was given.
pub(crate) fn is_given(data: &str, attribute: &str) -> bool {
    matches!(attribute, "filter" | "tags" | "instance_tags")
        || BY_NAME.iter().any(|lookup| lookup.data == data && lookup.argument == attribute)
}

/// What a data source with these arguments looks for. Tags count only with a `Name` among them: others are shared by many
/// resources, of which most are not in the code. Further arguments only narrow what is found, so they need not be known.
pub(crate) fn wanted(data: &str, body: &Value) -> Option<Wanted> {
    let text = |name: &str| body.get(name).and_then(Value::as_text).filter(|text| !text.is_empty());
    let named = BY_NAME.iter().filter(|lookup| lookup.data == data);
    if let Some(found) =
        named.into_iter().find_map(|lookup| Some(Wanted::Named(lookup.managed, text(lookup.argument)?)))
    {
        return Some(found);
    }
    let (_, argument, managed) = BY_TAGS.iter().find(|(name, ..)| *name == data)?;
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in body.get(argument).and_then(Value::as_object).into_iter().flat_map(|tags| tags.iter()) {
        tags.insert(key.to_string(), value.as_text()?);
    }
    for filter in body.get("filter").and_then(Value::as_list).into_iter().flatten() {
        let Some(key) = filter.get("name").and_then(Value::as_text) else { continue };
        let single = match filter.get("values").and_then(Value::as_list) {
            Some([value]) => value.as_text().filter(|value| !value.contains(['*', '?'])),
            _ => None,
        };
        match (key.strip_prefix("tag:"), key.as_str(), single) {
            (None, "group-name", Some(name)) => return Some(Wanted::Named(managed, name)),
            (None, _, _) => {}
            (Some(tag), _, value) => {
                tags.insert(tag.to_owned(), value?);
            }
        }
    }
    tags.contains_key("Name").then_some(Wanted::Tagged(managed, tags))
}

fn managed_type(resource: &Resource) -> &str {
    if &*resource.type_name == "aws_alb" { "aws_lb" } else { &resource.type_name }
}

/// The name by which data sources find the resource.
pub(crate) fn name(resource: &Resource) -> Option<(&'static str, String)> {
    let lookup = BY_NAME.iter().find(|lookup| lookup.managed == managed_type(resource))?;
    let name = resource.get(lookup.attribute).and_then(Value::as_text).filter(|text| !text.is_empty())?;
    Some((lookup.managed, name))
}

/// The tags by which data sources find the resource. Those that the provider adds to all are not among them: a lookup by
/// one of them finds many.
pub(crate) fn tags(resource: &Resource) -> Option<(&'static str, Tags)> {
    let (.., managed) = BY_TAGS.iter().find(|(.., managed)| *managed == managed_type(resource))?;
    let tags = match resource.get("tags") {
        None => Some(BTreeMap::new()),
        Some(value) if value.is_null() => Some(BTreeMap::new()),
        Some(value) => value
            .as_object()
            .map(|entries| entries.iter().map(|(key, value)| (key.to_string(), value.as_text())).collect()),
    };
    Some((managed, Tags(tags)))
}
