//! Puts documents together as the AWS provider does, and reads given ones into its form.
//! Source: `internal/service/iam/policy_model.go` of the provider.

use crate::source::Span;
use crate::terraform::datum::Datum;
use crate::terraform::functions::json_text::Node;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// What has been merged so far. Of the statements each with its `Sid`, if it has one.
#[derive(Default)]
pub(super) struct Merged {
    version: Option<Datum>,
    id: Option<Datum>,
    statements: Vec<(Option<String>, Node)>,
}

impl Merged {
    /// The greatest version stands; one that is not known stands for all.
    pub(super) fn version(&mut self, version: Datum) {
        let text = |version: &Datum| version.as_str().map(str::to_owned);
        let stands = match self.version.as_ref().map(text) {
            None => true,
            Some(None) => false,
            Some(Some(known)) => text(&version).is_none_or(|version| version > known),
        };
        if stands {
            self.version = Some(version);
        }
    }

    pub(super) fn id(&mut self, id: Datum) {
        if id.as_str() != Some("") {
            self.id = Some(id);
        }
    }

    /// A statement takes the place of one before it that has its `Sid`.
    pub(super) fn statement(&mut self, statement: Node) {
        let sid = sid(&statement);
        match self.statements.iter_mut().find(|(other, _)| sid.is_some() && *other == sid) {
            Some(place) => place.1 = statement,
            None => self.statements.push((sid, statement)),
        }
    }

    pub(super) fn document(&mut self, document: &Json, span: Span) {
        let text = |name: &str| field(document, name).and_then(Json::as_str).map(|text| Datum::string(text, span));
        if let Some(version) = text("Version") {
            self.version(version);
        }
        if let Some(id) = text("Id") {
            self.id(id);
        }
        let statements = match field(document, "Statement") {
            Some(Json::Array(items)) => items.as_slice(),
            Some(single) => std::slice::from_ref(single),
            None => &[],
        };
        for statement in statements {
            self.statement(Node::from_json(&normalised(statement), span));
        }
    }

    pub(super) fn into_node(self) -> Node {
        let parts = [("Version", self.version), ("Id", self.id)];
        let parts = parts.into_iter().filter_map(|(name, value)| Some((Arc::from(name), Node::Value(value?))));
        let mut entries: Vec<(Arc<str>, Node)> = parts.collect();
        let statements: Vec<Node> = self.statements.into_iter().map(|(_, statement)| statement).collect();
        if !statements.is_empty() {
            entries.push(("Statement".into(), Node::List(statements)));
        }
        Node::Object(entries)
    }
}

fn sid(statement: &Node) -> Option<String> {
    let Node::Object(entries) = statement else { return None };
    match entries.iter().find(|(name, _)| &**name == "Sid") {
        Some((_, Node::Value(value))) => value.as_str().filter(|sid| !sid.is_empty()).map(str::to_owned),
        _ => None,
    }
}

/// Go reads names whatever their case.
fn field<'j>(object: &'j Json, name: &str) -> Option<&'j Json> {
    object.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A statement with what the provider knows, in its order.
fn normalised(statement: &Json) -> Json {
    if !statement.is_object() {
        return statement.clone();
    }
    let mut parts = Map::new();
    for name in
        ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"]
    {
        let Some(value) = field(statement, name).filter(|value| !value.is_null() && value.as_str() != Some("")) else {
            continue;
        };
        let value = match name {
            "Principal" | "NotPrincipal" => principals(value),
            "Condition" => conditions(value),
            _ => value.clone(),
        };
        parts.insert(name.to_owned(), value);
    }
    Json::Object(parts)
}

fn sorted(object: &Map<String, Json>, value: impl Fn(&Json) -> Json) -> Json {
    let mut entries: Vec<(&String, &Json)> = object.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    Json::Object(entries.into_iter().map(|(key, inner)| (key.clone(), value(inner))).collect())
}

/// The identifiers of a type are sorted downwards.
fn principals(value: &Json) -> Json {
    let everyone = |object: &Map<String, Json>| {
        let all = object.get("*").map(|all| all.as_array().map_or(Some(all), |items| items.first()));
        object.len() == 1 && all.flatten().and_then(Json::as_str) == Some("*")
    };
    match value {
        Json::Object(object) if everyone(object) => "*".into(),
        Json::Object(object) => sorted(object, |identifiers| match identifiers {
            Json::Array(items) => {
                let mut items = items.clone();
                items.sort_by(|a, b| b.as_str().cmp(&a.as_str()));
                items.into()
            }
            other => other.clone(),
        }),
        other => other.clone(),
    }
}

/// Values are text, and a single one stands alone.
fn conditions(value: &Json) -> Json {
    let text = |value: &Json| match value {
        Json::Bool(value) => value.to_string().into(),
        other => other.clone(),
    };
    let values = |values: &Json| match values {
        Json::Array(items) if items.len() == 1 => items.first().map_or(Json::Null, text),
        other => text(other),
    };
    let tests = |variables: &Json| variables.as_object().map(|variables| sorted(variables, values));
    let Some(object) = value.as_object() else { return value.clone() };
    sorted(object, |variables| tests(variables).unwrap_or_else(|| variables.clone()))
}
