//! What packaging and the SAM transform do to the template itself: `Globals` go into the resources they speak of, events that
//! name no API get one, OpenAPI documents take their place, and connectors that stand in a resource become resources. What is
//! made of each resource is not carried out here.

use super::expand::beside;
use super::scope::Scope;
use super::template::Sections;
use super::tree::{Entry, Node, Shape};
use crate::source::{Span, join_path, parent};
use std::collections::BTreeSet;
use std::sync::Arc;

const TYPES: &str = "AWS::Serverless::";

const CONNECTOR: &str = "AWS::Serverless::Connector";

/// Types whose events may name no API.
const EVENT_OWNERS: [&str; 2] = ["AWS::Serverless::Function", "AWS::Serverless::StateMachine"];

/// Event types with the API that they get: its logical id, its type, and the property by which an event names another one.
/// Source: "Generated CloudFormation resources" of the SAM guide.
const IMPLICIT_APIS: [(&str, &str, &str, &str); 2] = [
    ("Api", "ServerlessRestApi", "AWS::Serverless::Api", "RestApiId"),
    ("HttpApi", "ServerlessHttpApi", "AWS::Serverless::HttpApi", "ApiId"),
];

fn type_name(resource: &Node) -> &str {
    resource.get("Type").and_then(|node| node.as_text()).unwrap_or("")
}

/// The first resource of a template without transform that CloudFormation refuses for want of one.
pub(crate) fn untransformed(root: &Node) -> Option<&Entry> {
    let resources = root.get("Resources").filter(|_| root.get("Transform").is_none())?;
    resources.entries().iter().find(|entry| type_name(&entry.value).starts_with(TYPES))
}

/// The properties of a resource with what the globals of its type add.
pub(crate) fn with_globals(root: &Node, resource: &Node) -> Option<Arc<Node>> {
    let own = resource.get("Properties").map(Arc::clone);
    let section = type_name(resource).strip_prefix(TYPES);
    let globals = section.and_then(|section| root.get("Globals").and_then(|globals| globals.get(section)));
    match (globals.filter(|globals| globals.is_map()), own) {
        (Some(globals), Some(own)) => Some(merge(globals, &own)),
        (Some(globals), None) => Some(Arc::clone(globals)),
        (None, own) => own,
    }
}

/// Maps are merged, lists put together with the global items first; anything else is overridden.
fn merge(global: &Arc<Node>, own: &Arc<Node>) -> Arc<Node> {
    match (&global.shape, &own.shape) {
        (Shape::Map(general), Shape::Map(special)) if global.intrinsic().is_none() && own.intrinsic().is_none() => {
            let mut entries: Vec<Entry> = Vec::new();
            for entry in general {
                let value = match own.get(&entry.key) {
                    Some(value) => merge(&entry.value, value),
                    None => Arc::clone(&entry.value),
                };
                entries.push(Entry { value, ..entry.clone() });
            }
            entries.extend(special.iter().filter(|entry| global.get(&entry.key).is_none()).cloned());
            Node::new(own.span, Shape::Map(entries))
        }
        (Shape::List(general), Shape::List(special)) => {
            let items: Vec<Arc<Node>> = general.iter().chain(special.iter()).map(Arc::clone).collect();
            Node::new(own.span, Shape::List(items))
        }
        _ => Arc::clone(own),
    }
}

/// The properties of an API with the OpenAPI document in its place that packaging takes from a local file.
pub(crate) fn with_document(scope: &Scope<'_>, resource: &Node, properties: Arc<Node>) -> Arc<Node> {
    if !IMPLICIT_APIS.iter().any(|(_, _, api, _)| *api == type_name(resource)) {
        return properties;
    }
    let Some(written) = properties.entry("DefinitionUri") else { return properties };
    let local = written.value.as_text().filter(|path| !path.is_empty() && !path.contains("://"));
    let path = local.map(|path| join_path(parent(&scope.template.path), path));
    let Some(document) = path.and_then(|path| beside(scope, &path, written.value.span)) else { return properties };
    let mut entries: Vec<Entry> = properties.entries().to_vec();
    entries.retain(|entry| &*entry.key != "DefinitionUri");
    entries.push(Entry { key: "DefinitionBody".into(), key_span: written.key_span, value: document });
    Node::new(properties.span, Shape::Map(entries))
}

/// Adds the APIs of the events that name none. An API exists where one of the resources does that need it.
pub(crate) fn add_implicit_apis(sections: &mut Sections) {
    for (event, id, kind, property) in IMPLICIT_APIS {
        if sections.resources.contains_key(id) {
            continue;
        }
        let owners = sections.resources.values().filter(|entry| EVENT_OWNERS.contains(&type_name(&entry.value)));
        let needing: Vec<(&Entry, Span)> =
            owners.filter_map(|owner| Some((owner, nameless_event(&owner.value, event, property)?))).collect();
        let Some((_, span)) = needing.first().copied() else { continue };
        let conditions: Option<BTreeSet<&str>> =
            needing.iter().map(|(owner, _)| owner.value.get("Condition").and_then(|node| node.as_text())).collect();
        let mut entries = vec![entry("Type", Node::text(kind, span), span)];
        if let Some(names) = conditions {
            let name = names.iter().copied().collect::<Vec<_>>().join(" || ");
            entries.push(entry("Condition", Node::text(name.as_str(), span), span));
            if names.len() > 1 {
                sections.conditions.insert(name.as_str().into(), entry(&name, any_of(&names, span), span));
            }
        }
        sections.resources.insert(id.into(), entry(id, Node::new(span, Shape::Map(entries)), span));
    }
}

/// Whether the transform makes a resource with the logical id `name` of this one: ids begin with its own, but for the queue of
/// failed events, which may be given one.
pub(crate) fn generates(resource: &Entry, name: &str) -> bool {
    type_name(&resource.value).starts_with(TYPES)
        && (name.starts_with(&*resource.key)
            || events(&resource.value).iter().any(|event| queue_id(event) == Some(name)))
}

fn events(resource: &Node) -> &[Entry] {
    resource.get("Properties").and_then(|properties| properties.get("Events")).map_or(&[], |events| events.entries())
}

fn queue_id(event: &Entry) -> Option<&str> {
    event.value.get("Properties")?.get("DeadLetterConfig")?.get("QueueLogicalId")?.as_text()
}

/// Adds the connectors that stand in their source as resources of their own: the id is that of the source and the connector's
/// name. Source: "Managing resource permissions with AWS SAM connectors" of the SAM guide.
pub(crate) fn add_connectors(sections: &mut Sections) {
    let mut found: Vec<(Arc<str>, Entry)> = Vec::new();
    for source in sections.resources.values() {
        for connector in source.value.get("Connectors").map(|node| node.entries()).unwrap_or_default() {
            let span = connector.key_span;
            let end = Node::new(span, Shape::Map(vec![entry("Id", Node::text(Arc::clone(&source.key), span), span)]));
            let written = connector.value.get("Properties").map(|node| node.entries()).unwrap_or_default();
            let mut properties = vec![entry("Source", end, span)];
            properties.extend(written.iter().cloned());
            let mut entries = vec![
                entry("Type", Node::text(CONNECTOR, span), span),
                entry("Properties", Node::new(connector.value.span, Shape::Map(properties)), span),
            ];
            entries.extend(source.value.entry("Condition").cloned());
            let id: Arc<str> = format!("{}{}", source.key, connector.key).into();
            found.push((Arc::clone(&id), entry(&id, Node::new(connector.value.span, Shape::Map(entries)), span)));
        }
    }
    for (id, connector) in found {
        sections.resources.entry(id).or_insert(connector);
    }
}

/// The condition that one of several holds.
fn any_of(names: &BTreeSet<&str>, span: Span) -> Arc<Node> {
    let condition = |name: &&str| {
        let named = entry("Condition", Node::text(*name, span), span);
        Node::new(span, Shape::Map(vec![named]))
    };
    let either = Node::new(span, Shape::List(names.iter().map(condition).collect()));
    Node::new(span, Shape::Map(vec![entry("Fn::Or", either, span)]))
}

fn entry(key: &str, value: Arc<Node>, span: Span) -> Entry {
    Entry { key: key.into(), key_span: span, value }
}

/// The place of the first event of a type that names no API.
fn nameless_event(owner: &Node, event: &str, property: &str) -> Option<Span> {
    events(owner).iter().find_map(|entry| {
        let written = entry.value.get("Type").filter(|node| node.as_text() == Some(event))?;
        let named = entry.value.get("Properties").and_then(|properties| properties.get(property));
        named.is_none().then_some(written.span)
    })
}
