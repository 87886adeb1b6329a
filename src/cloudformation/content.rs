//! Comparing values by what they are and not by where they were written, and finding the choices inside them.

use crate::source::Span;
use crate::value::{Branch, Kind, Origin, Reason, Unknown, Value, When, secret};
use std::sync::Arc;

/// Whether two values are the same wherever they were written.
pub(crate) fn same(first: &Value, second: &Value) -> bool {
    let all = |a: &[Value], b: &[Value]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (&first.kind, &second.kind) {
        (Kind::List(a), Kind::List(b)) | (Kind::Template(a), Kind::Template(b)) => all(a, b),
        (Kind::Object(a), Kind::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (Kind::Choice(a), Kind::Choice(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.when == b.when && same(&a.value, &b.value))
        }
        (a, b) => a == b,
    }
}

/// The conditions of the first choice found in a value; they exclude each other and leave nothing out.
pub(crate) fn first_choice(value: &Value) -> Option<Vec<When>> {
    match &value.kind {
        Kind::Choice(branches) => Some(exclusive(branches)),
        Kind::List(items) | Kind::Template(items) => items.iter().find_map(first_choice),
        Kind::Object(entries) => entries.values().find_map(first_choice),
        _ => None,
    }
}

/// The condition of each branch; that of a branch without one is that no other holds.
pub(crate) fn exclusive(branches: &[Branch]) -> Vec<When> {
    let stated: Vec<When> = branches.iter().filter_map(|branch| branch.when.clone()).collect();
    let mut whens = stated.clone();
    if stated.len() < branches.len() {
        let negated = stated.iter().map(When::negated).reduce(|all, one| all.and(&one));
        whens.extend(negated);
    }
    whens
}

/// A value as text that names it: the same for the same value, whatever is unknown in it. Sensitive parts are not said.
pub(crate) fn subject(value: &Value) -> String {
    told(value, false)
}

fn told(value: &Value, hidden: bool) -> String {
    let hidden = hidden || value.sensitive;
    let plain = |text: String| if hidden { secret::name(&text) } else { text };
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => plain(value.as_text().unwrap_or_default()),
        Kind::Unknown(unknown) => unknown.what.to_string(),
        Kind::Reference(reference) => reference.text(),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(|item| told(item, hidden)).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Object(entries) => {
            let entry =
                |(key, value): (&Arc<str>, &Value)| format!("{}: {}", plain(key.to_string()), told(value, hidden));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Kind::Template(parts) => {
            let part = |part: &Value| match part.kind {
                Kind::String(_) => told(part, hidden),
                _ => format!("${{{}}}", told(part, hidden)),
            };
            parts.iter().map(part).collect()
        }
        Kind::Choice(branches) => {
            let branches: Vec<String> = branches.iter().map(|branch| told(&branch.value, hidden)).collect();
            branches.join(" or ")
        }
    }
}

/// Whether only deployment can tell some part of the value.
pub(crate) fn has_unknown(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(_) | Kind::Reference(_) | Kind::Template(_) | Kind::Choice(_) => true,
        Kind::List(items) => items.iter().any(has_unknown),
        Kind::Object(entries) => entries.values().any(has_unknown),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => false,
    }
}

/// Why a value is not known: the first unknown in it; a reference is known after deployment.
pub(crate) fn cause(value: &Value) -> Option<Unknown> {
    match &value.kind {
        Kind::Unknown(unknown) => Some(unknown.clone()),
        Kind::Reference(reference) => Some(Unknown { reason: Reason::AfterDeployment, what: reference.text().into() }),
        Kind::List(items) | Kind::Template(items) => items.iter().find_map(cause),
        Kind::Object(entries) => entries.values().find_map(cause),
        Kind::Choice(branches) => branches.iter().find_map(|branch| cause(&branch.value)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
    }
}

/// One of several values, each under its condition: the value itself where all are the same, `None` where there is none in any.
pub(crate) fn choice(branches: Vec<(When, Option<Value>)>, span: Span) -> Option<Value> {
    let (_, first) = branches.first()?;
    let alike = branches.iter().all(|(_, value)| match (first, value) {
        (None, None) => true,
        (Some(first), Some(value)) => same(first, value),
        _ => false,
    });
    if alike {
        return first.clone();
    }
    let branches: Vec<Branch> = branches
        .into_iter()
        .map(|(when, value)| Branch { when: Some(when), value: value.unwrap_or_else(|| Value::null(span)) })
        .collect();
    Some(Value::new(Kind::Choice(Arc::new(branches)), Origin::at(span)))
}
