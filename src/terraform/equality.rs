//! Equality and the order of set elements.

use super::datum::{Datum, Kind, Mapping, Sequence};
use super::order::alike;
use crate::source::Span;
use crate::value::{Formula, Reason, Unknown};
use std::cmp::Ordering;
use std::fmt::Write as _;
use std::sync::Arc;

/// Whether two values are equal: known where one differing part decides, else a test of the unknown parts.
pub(crate) fn equal(first: &Datum, second: &Datum, span: Span) -> Datum {
    match compare(first, second) {
        Outcome::Known(value) => Datum::bool(value, span),
        Outcome::Open(formula, unknown) => Datum::new(Kind::Test(formula, unknown), span),
    }
}

/// Equal for certain.
pub(crate) fn same(first: &Datum, second: &Datum) -> bool {
    matches!(compare(first, second), Outcome::Known(true))
}

enum Outcome {
    Known(bool),
    Open(Arc<Formula>, Unknown),
}

fn compare(first: &Datum, second: &Datum) -> Outcome {
    let marks = (first.sensitive, second.sensitive);
    match (&first.kind, &second.kind) {
        (Kind::Null, Kind::Null) => Outcome::Known(true),
        (Kind::Template(parts), Kind::Null) | (Kind::Null, Kind::Template(parts)) => Outcome::Known(parts.is_empty()),
        (Kind::Instance(_), Kind::Null) | (Kind::Null, Kind::Instance(_)) => Outcome::Known(false),
        (Kind::Template(parts), Kind::String(text)) | (Kind::String(text), Kind::Template(parts)) => {
            let prefix = parts.first().and_then(Datum::as_str).unwrap_or("");
            if text.starts_with(prefix) { open(first, second) } else { Outcome::Known(false) }
        }
        (Kind::Test(formula, unknown), Kind::Bool(value)) | (Kind::Bool(value), Kind::Test(formula, unknown)) => {
            let formula = if *value { Arc::clone(formula) } else { Arc::new(Formula::Not(Arc::clone(formula))) };
            Outcome::Open(formula, unknown.clone())
        }
        _ if first.is_unknown() || second.is_unknown() => open(first, second),
        (Kind::Bool(a), Kind::Bool(b)) => Outcome::Known(a == b),
        (Kind::Number(a), Kind::Number(b)) => Outcome::Known(a == b),
        (Kind::String(a), Kind::String(b)) => Outcome::Known(a == b),
        (Kind::Sequence(a, first), Kind::Sequence(b, second)) => {
            if a != b || first.len() != second.len() {
                return Outcome::Known(false);
            }
            all(first.iter().zip(second.iter()), marks)
        }
        (Kind::Mapping(a, first), Kind::Mapping(b, second)) => {
            if (*a == Mapping::Map) != (*b == Mapping::Map) || !first.keys().eq(second.keys()) {
                return Outcome::Known(false);
            }
            all(first.values().zip(second.values()), marks)
        }
        (Kind::Instance(a), Kind::Instance(b)) => Outcome::Known(a.address == b.address),
        _ => Outcome::Known(false),
    }
}

/// `marks` are those of the two collections: what a sensitive one holds is sensitive.
fn all<'d>(pairs: impl Iterator<Item = (&'d Datum, &'d Datum)>, marks: (bool, bool)) -> Outcome {
    let mut open = Vec::new();
    let mut cause = None;
    for (first, second) in pairs {
        let outcome = match marks {
            (false, false) => compare(first, second),
            (one, other) => compare(&first.clone().marked(one), &second.clone().marked(other)),
        };
        match outcome {
            Outcome::Known(false) => return Outcome::Known(false),
            Outcome::Known(true) => {}
            Outcome::Open(formula, unknown) => {
                open.push(formula);
                cause.get_or_insert(unknown);
            }
        }
    }
    match (cause, open.as_slice()) {
        (None, _) => Outcome::Known(true),
        (Some(unknown), [only]) => Outcome::Open(Arc::clone(only), unknown),
        (Some(unknown), _) => Outcome::Open(Arc::new(Formula::All(open)), unknown),
    }
}

/// One of the two is unknown as a whole.
fn open(first: &Datum, second: &Datum) -> Outcome {
    let (subject, other) = if first.is_unknown() { (first, second) } else { (second, first) };
    let text: Arc<str> = subject.brief().into();
    let cause =
        subject.first_unknown().unwrap_or_else(|| Unknown { reason: Reason::NotEvaluated, what: Arc::clone(&text) });
    let formula = match &other.kind {
        Kind::Bool(true) => Formula::Atom(text),
        // What is null is neither.
        Kind::Bool(false) => {
            let null = bare(Arc::clone(&text), "null");
            Formula::All(vec![not(Formula::Atom(text)), not(null)])
        }
        // By its name a text that may not be said does not exclude another that stands in the code.
        Kind::String(_) | Kind::Number(_) if other.sensitive => {
            Formula::Atom(format!("{text} == {}", other.brief()).into())
        }
        Kind::String(value) => Formula::equals(text, Arc::clone(value)),
        Kind::Number(value) => bare(text, &value.to_string()),
        Kind::Null => bare(text, "null"),
        _ => Formula::Atom(format!("{text} == {}", other.brief()).into()),
    };
    let what = format!("{} in {} == {}", cause.what, first.brief(), second.brief());
    Outcome::Open(Arc::new(formula), Unknown { reason: cause.reason, what: what.into() })
}

fn bare(subject: Arc<str>, value: &str) -> Formula {
    Formula::Equals { subject, value: value.into(), bare: true }
}

fn not(formula: Formula) -> Arc<Formula> {
    Arc::new(Formula::Not(Arc::new(formula)))
}

/// The elements of a set: each once, in Terraform's order.
pub(crate) fn set_items(items: Vec<Datum>) -> Vec<Datum> {
    let mut keyed: Vec<(String, Datum)> = items.into_iter().map(|item| (order_key(&item), item)).collect();
    keyed.sort_by(|(a_key, a), (b_key, b)| order(a, b).then_with(|| a_key.cmp(b_key)));
    // An unknown element stays: it may or may not be one of the others.
    keyed.dedup_by(|(_, later), (_, earlier)| alike(later, earlier));
    keyed.into_iter().map(|(_, item)| item).collect()
}

fn order(first: &Datum, second: &Datum) -> Ordering {
    match (&first.kind, &second.kind) {
        (Kind::String(a), Kind::String(b)) => a.cmp(b),
        (Kind::Number(a), Kind::Number(b)) => a.cmp(b),
        (Kind::Bool(a), Kind::Bool(b)) => a.cmp(b),
        _ => first.is_unknown().cmp(&second.is_unknown()).then_with(|| first.is_null().cmp(&second.is_null())),
    }
}

/// Compound elements are ordered by a text of them.
fn order_key(value: &Datum) -> String {
    let mut text = String::new();
    write_key(value, &mut text);
    text
}

fn write_key(value: &Datum, text: &mut String) {
    match &value.kind {
        Kind::Null => text.push('~'),
        Kind::Bool(value) => text.push(if *value { 'T' } else { 'F' }),
        Kind::Number(number) => text.push_str(&number.to_string()),
        Kind::String(string) => {
            let _ = write!(text, "{string:?}");
        }
        Kind::Sequence(shape, items) => {
            text.push(if *shape == Sequence::Tuple { '<' } else { '[' });
            for item in items.iter() {
                write_key(item, text);
                text.push(';');
            }
            text.push(if *shape == Sequence::Tuple { '>' } else { ']' });
        }
        Kind::Mapping(shape, entries) => {
            let object = *shape != Mapping::Map;
            text.push(if object { '<' } else { '{' });
            for (key, value) in entries.iter() {
                if !object {
                    let _ = write!(text, "{key:?}:");
                }
                write_key(value, text);
                text.push(';');
            }
            text.push(if object { '>' } else { '}' });
        }
        _ => text.push_str(&value.brief()),
    }
}
