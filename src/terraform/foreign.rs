//! Values of another root module, for the evaluation of this one.

use super::datum::{Branch, Datum, Entries, Kind, Mapping, Sequence};
use crate::source::Span;
use crate::value::{self, Reason, Unknown, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a value does not say of itself and a state keeps: which of its lists are sets, and which of its objects are maps.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// As the value looks.
    Plain,
    Items(Sequence, Vec<Shape>),
    Entries(Mapping, BTreeMap<Arc<str>, Shape>),
    Branches(Vec<Shape>),
}

impl Shape {
    pub(crate) fn of(datum: &Datum) -> Self {
        match &datum.kind {
            Kind::Sequence(sequence, items) => Self::Items(*sequence, items.iter().map(Self::of).collect()),
            Kind::Mapping(mapping, entries) => {
                let shapes = entries.iter().map(|(key, value)| (Arc::clone(key), Self::of(value)));
                let mapping = if *mapping == Mapping::Map { Mapping::Map } else { Mapping::Object };
                Self::Entries(mapping, shapes.collect())
            }
            Kind::Choice(branches) => Self::Branches(branches.iter().map(|branch| Self::of(&branch.value)).collect()),
            _ => Self::Plain,
        }
    }

    fn item(&self, index: usize) -> &Self {
        match self {
            Self::Items(_, items) | Self::Branches(items) => items.get(index).unwrap_or(&Self::Plain),
            _ => &Self::Plain,
        }
    }

    fn entry(&self, key: &str) -> &Self {
        if let Self::Entries(_, entries) = self { entries.get(key).unwrap_or(&Self::Plain) } else { &Self::Plain }
    }
}

/// The value that the stack `from` gives, used at `span`.
pub(crate) fn datum(value: &Value, shape: &Shape, from: &Arc<str>, span: Span) -> Datum {
    lifted(&value.from_stack(from), shape, span)
}

fn lifted(value: &Value, shape: &Shape, span: Span) -> Datum {
    let plain = |value: &Value| lifted(value, &Shape::Plain, span);
    let kind = match &value.kind {
        value::Kind::Null => Kind::Null,
        value::Kind::Bool(value) => Kind::Bool(*value),
        value::Kind::Number(number) => Kind::Number(number.clone()),
        value::Kind::String(text) => Kind::String(Arc::clone(text)),
        value::Kind::List(items) => {
            let sequence = if let Shape::Items(sequence, _) = shape { *sequence } else { Sequence::List };
            let items = items.iter().enumerate().map(|(index, item)| lifted(item, shape.item(index), span));
            Kind::Sequence(sequence, Arc::new(items.collect()))
        }
        value::Kind::Object(entries) => {
            let mapping = if let Shape::Entries(mapping, _) = shape { *mapping } else { Mapping::Object };
            let entries = entries.iter().map(|(key, value)| (Arc::clone(key), lifted(value, shape.entry(key), span)));
            Kind::Mapping(mapping, Arc::new(entries.collect::<Entries>()))
        }
        value::Kind::Reference(found) => Kind::Reference(found.clone()),
        value::Kind::Template(parts) => Kind::Template(Arc::new(parts.iter().map(plain).collect())),
        value::Kind::Choice(branches) => choice(branches, shape, span),
        value::Kind::Unknown(found) => Kind::Unknown(found.clone()),
    };
    let mut lifted = Datum::new(kind, span).marked(value.sensitive);
    lifted.origin = value.origin.through(span);
    lifted
}

fn choice(branches: &[value::Branch], shape: &Shape, span: Span) -> Kind {
    // Branches that cannot be are left out of the value, and then nobody knows whose the shapes are.
    let shape = match shape {
        Shape::Branches(shapes) if shapes.len() == branches.len() => shape,
        _ => &Shape::Plain,
    };
    let lifted = |(index, branch): (usize, &value::Branch)| {
        Some(Branch { when: branch.when.clone()?, value: lifted(&branch.value, shape.item(index), span) })
    };
    match branches.iter().enumerate().map(lifted).collect::<Option<Vec<_>>>() {
        Some(branches) => Kind::Choice(Arc::new(branches)),
        None => Kind::Unknown(Unknown { reason: Reason::NotEvaluated, what: "a choice".into() }),
    }
}
