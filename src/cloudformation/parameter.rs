//! The parameters of a template: given, by default, one of those allowed, or unknown.

use super::intrinsics::text::concat;
use super::ledger::Ledger;
use super::tree::{Entry, Node};
use crate::source::Span;
use crate::value::{Branch, Formula, Kind, Reason, Value, When};
use std::sync::Arc;

/// More allowed values than this are not told apart.
const MOST_ALLOWED: usize = 64;

#[derive(Clone, Debug)]
pub(crate) enum Parameter {
    /// Has a value, which may itself be unknown.
    Known(Value),
    /// Nobody gives it a value; `allowed` holds the values it can have, if the template says so.
    Open { what: Arc<str>, allowed: Vec<(Arc<str>, Span)>, span: Span },
}

/// What a declaration and a given value come to. `prefix` tells parameters of nested stacks apart.
/// A value that the template keeps from view (`NoEcho`) is sensitive.
pub(crate) fn parameter(entry: &Entry, given: Option<&Value>, prefix: &str, ledger: &Ledger) -> Parameter {
    let no_echo = entry.value.get("NoEcho").and_then(|node| node.scalar_text());
    let hidden = no_echo.is_some_and(|text| text.eq_ignore_ascii_case("true"));
    match declared(entry, given, prefix, ledger) {
        Parameter::Known(value) if hidden || given.is_some_and(|given| given.sensitive) => {
            Parameter::Known(value.into_sensitive())
        }
        other => other,
    }
}

fn declared(entry: &Entry, given: Option<&Value>, prefix: &str, ledger: &Ledger) -> Parameter {
    let what: Arc<str> = format!("{prefix}{}", entry.key).into();
    let declared = &entry.value;
    let kind = declared.get("Type").and_then(|node| node.as_text()).unwrap_or("String");
    if kind.starts_with("AWS::SSM::Parameter::Value") {
        let at = declared.entry("Default").map_or(entry.key_span, |default| default.value.span);
        return Parameter::Known(Value::unknown(Reason::LookedUp, what, at));
    }
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    if let Some(given) = given {
        let value = if is_list { as_list(given.clone()) } else { as_scalar(given.clone()) };
        if !matches!(value.kind, Kind::Null | Kind::Choice(_)) {
            return Parameter::Known(value);
        }
        let otherwise = match declared.get("Default") {
            Some(default) => default_value(default, is_list, &what, ledger),
            None => Value::unknown(Reason::NoValue, what, entry.key_span),
        };
        return Parameter::Known(filled(value, &otherwise));
    }
    // An empty text is no identifier of anything: such a list has to be given.
    let is_open = |default: &Arc<Node>| kind.starts_with("List<AWS::") && default.scalar_text().as_deref() == Some("");
    if let Some(default) = declared.get("Default").filter(|default| !is_open(default)) {
        return Parameter::Known(default_value(default, is_list, &what, ledger));
    }
    let allowed: Vec<(Arc<str>, Span)> = match declared.get("AllowedValues") {
        Some(list) if !is_list => {
            list.items().iter().filter_map(|item| Some((item.scalar_text()?.into(), item.span))).collect()
        }
        _ => Vec::new(),
    };
    match allowed.as_slice() {
        [(only, span)] => Parameter::Known(Value::string(Arc::clone(only), *span)),
        _ => {
            if !allowed.is_empty() {
                let values: Vec<Arc<str>> = allowed.iter().map(|(value, _)| Arc::clone(value)).collect();
                ledger.domains.borrow_mut().insert(Arc::clone(&what), values);
            }
            let allowed = if allowed.len() > MOST_ALLOWED { Vec::new() } else { allowed };
            Parameter::Open { what, allowed, span: entry.key_span }
        }
    }
}

/// The choice between allowed values, one branch each.
pub(crate) fn choice_of(what: &Arc<str>, allowed: &[(Arc<str>, Span)]) -> Vec<Branch> {
    let branch = |(value, span): &(Arc<str>, Span)| {
        let formula = Formula::equals(Arc::clone(what), Arc::clone(value));
        let when = When::new(format!("{what} == \"{value}\""), formula);
        Branch { when: Some(when), value: Value::string(Arc::clone(value), *span) }
    };
    allowed.iter().map(branch).collect()
}

/// The value with what counts where it is absent: a parent may leave a parameter out under some condition.
fn filled(value: Value, otherwise: &Value) -> Value {
    match &value.kind {
        Kind::Null => otherwise.clone(),
        Kind::Choice(branches) => {
            let branches: Vec<Branch> = branches
                .iter()
                .map(|branch| Branch { when: branch.when.clone(), value: filled(branch.value.clone(), otherwise) })
                .collect();
            Value::new(Kind::Choice(Arc::new(branches)), value.origin)
        }
        _ => value,
    }
}

fn default_value(default: &Arc<Node>, is_list: bool, what: &Arc<str>, ledger: &Ledger) -> Value {
    if is_list && default.is_list() {
        let items = default.items().iter();
        let items = items.map(|item| Value::string(item.scalar_text().unwrap_or_default(), item.span)).collect();
        return Value::list(items, default.span);
    }
    match default.scalar_text() {
        Some(text) if is_list => as_list(Value::string(text, default.span)),
        Some(text) => concat(vec![Value::string(text, default.span)], default.span, ledger),
        None => {
            ledger.warn(format!("the default of {what} is neither text nor a number"), default.span);
            Value::unknown(
                Reason::Invalid("its default is neither text nor a number".into()),
                Arc::clone(what),
                default.span,
            )
        }
    }
}

/// Text as the list it stands for: split at commas and trimmed. A template is split where its unknown parts are whole items.
fn as_list(value: Value) -> Value {
    match &value.kind {
        Kind::String(text) => {
            let item = |text: &str| Value::new(Kind::String(text.trim().into()), value.origin.clone());
            let items: Vec<Value> = text.split(',').map(item).collect();
            Value::new(Kind::List(Arc::new(items)), value.origin)
        }
        Kind::Choice(branches) => {
            let branches: Vec<Branch> = branches
                .iter()
                .map(|branch| Branch { when: branch.when.clone(), value: as_list(branch.value.clone()) })
                .collect();
            Value::new(Kind::Choice(Arc::new(branches)), value.origin)
        }
        Kind::Template(parts) => match items_of(parts) {
            Some(items) => Value::new(Kind::List(Arc::new(items)), value.origin),
            None => value,
        },
        Kind::Reference(_) => Value::new(Kind::List(Arc::new(vec![value.clone()])), value.origin),
        _ => value,
    }
}

/// The items of a text made of references with commas between; `None` where an item is put together from several parts.
fn items_of(parts: &[Value]) -> Option<Vec<Value>> {
    let mut items: Vec<Value> = Vec::new();
    // What the item that is being read holds so far.
    let mut current: Option<Value> = None;
    for part in parts {
        match &part.kind {
            Kind::String(text) => {
                for (index, piece) in text.split(',').enumerate() {
                    if index > 0 {
                        items.push(current.take().unwrap_or_else(|| Value::string("", part.span())));
                    }
                    let piece = piece.trim();
                    if !piece.is_empty() {
                        if current.is_some() {
                            return None;
                        }
                        current = Some(Value::new(Kind::String(piece.into()), part.origin.clone()));
                    }
                }
            }
            Kind::Reference(_) if current.is_none() => current = Some(part.clone()),
            _ => return None,
        }
    }
    items.extend(current);
    Some(items)
}

fn as_scalar(value: Value) -> Value {
    match &value.kind {
        Kind::Bool(_) | Kind::Number(_) => {
            let text = value.as_text().unwrap_or_default();
            Value::new(Kind::String(text.into()), value.origin)
        }
        Kind::List(items) if !items.is_empty() && items.iter().all(|item| item.as_text().is_some()) => {
            let texts: Vec<String> = items.iter().filter_map(Value::as_text).collect();
            Value::new(Kind::String(texts.join(",").into()), value.origin)
        }
        Kind::Choice(branches) => {
            let branches: Vec<Branch> = branches
                .iter()
                .map(|branch| Branch { when: branch.when.clone(), value: as_scalar(branch.value.clone()) })
                .collect();
            Value::new(Kind::Choice(Arc::new(branches)), value.origin)
        }
        _ => value,
    }
}
