//! Values of another root module as this one sees them: their references name the other stack.

use super::datum::{Branch, Datum, Entries, Kind, Sequence};
use crate::source::Span;
use crate::value::{self, Formula, Reason, Reference, Unknown, Value, When};
use std::sync::Arc;

/// The value that the stack `from` gives, used at `span`.
pub(crate) fn datum(value: &Value, from: &Arc<str>, span: Span) -> Datum {
    let inner = |value: &Value| datum(value, from, span);
    let kind = match &value.kind {
        value::Kind::Null => Kind::Null,
        value::Kind::Bool(value) => Kind::Bool(*value),
        value::Kind::Number(number) => Kind::Number(number.clone()),
        value::Kind::String(text) => Kind::String(Arc::clone(text)),
        value::Kind::List(items) => Kind::Sequence(Sequence::List, Arc::new(items.iter().map(inner).collect())),
        value::Kind::Object(entries) => {
            let entries: Entries = entries.iter().map(|(key, value)| (Arc::clone(key), inner(value))).collect();
            Kind::Mapping(super::datum::Mapping::Object, Arc::new(entries))
        }
        value::Kind::Reference(found) => Kind::Reference(reference(found, from)),
        value::Kind::Template(parts) => Kind::Template(Arc::new(parts.iter().map(inner).collect())),
        value::Kind::Choice(branches) => choice(branches, from, span),
        value::Kind::Unknown(found) => Kind::Unknown(unknown(found, from)),
    };
    let cut: Vec<Reference> = value.origin.cut_from().iter().map(|found| reference(found, from)).collect();
    Datum { kind, origin: value.origin.clone().cut(cut).through(span), sensitive: value.sensitive }
}

fn choice(branches: &[value::Branch], from: &Arc<str>, span: Span) -> Kind {
    let qualified: Option<Vec<Branch>> = branches
        .iter()
        .map(|branch| {
            let when = branch.when.as_ref()?;
            let when = When::new(format!("{} in {from}", when.text()), Formula::clone(&when.formula().within(from)));
            Some(Branch { when, value: datum(&branch.value, from, span) })
        })
        .collect();
    match qualified {
        Some(branches) => Kind::Choice(Arc::new(branches)),
        None => Kind::Unknown(Unknown { reason: Reason::NotEvaluated, what: format!("a choice in {from}").into() }),
    }
}

fn reference(of: &Reference, from: &Arc<str>) -> Reference {
    Reference::new(qualified(&of.target, from), Arc::clone(&of.attribute))
}

fn unknown(of: &Unknown, from: &Arc<str>) -> Unknown {
    Unknown { reason: of.reason.clone(), what: format!("{} in {from}", of.what).into() }
}

/// What already names a stack came from a third one; keys of instances may hold anything.
fn qualified(name: &str, from: &Arc<str>) -> Arc<str> {
    let address = name.split('[').next().unwrap_or(name);
    if address.contains("//") { name.into() } else { format!("{from}//{name}").into() }
}
