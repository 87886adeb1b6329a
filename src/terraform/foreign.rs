//! Values of another root module, for the evaluation of this one.

use super::datum::{Branch, Datum, Entries, Kind, Mapping, Sequence};
use crate::source::Span;
use crate::value::{self, Reason, Unknown, Value};
use std::sync::Arc;

/// The value that the stack `from` gives, used at `span`.
pub(crate) fn datum(value: &Value, from: &Arc<str>, span: Span) -> Datum {
    lifted(&value.from_stack(from), span)
}

fn lifted(value: &Value, span: Span) -> Datum {
    let inner = |value: &Value| lifted(value, span);
    let kind = match &value.kind {
        value::Kind::Null => Kind::Null,
        value::Kind::Bool(value) => Kind::Bool(*value),
        value::Kind::Number(number) => Kind::Number(number.clone()),
        value::Kind::String(text) => Kind::String(Arc::clone(text)),
        value::Kind::List(items) => Kind::Sequence(Sequence::List, Arc::new(items.iter().map(inner).collect())),
        value::Kind::Object(entries) => {
            let entries: Entries = entries.iter().map(|(key, value)| (Arc::clone(key), inner(value))).collect();
            Kind::Mapping(Mapping::Object, Arc::new(entries))
        }
        value::Kind::Reference(found) => Kind::Reference(found.clone()),
        value::Kind::Template(parts) => Kind::Template(Arc::new(parts.iter().map(inner).collect())),
        value::Kind::Choice(branches) => choice(branches, span),
        value::Kind::Unknown(found) => Kind::Unknown(found.clone()),
    };
    let mut lifted = Datum::new(kind, span).marked(value.sensitive);
    lifted.origin = value.origin.through(span);
    lifted
}

fn choice(branches: &[value::Branch], span: Span) -> Kind {
    let lifted =
        |branch: &value::Branch| Some(Branch { when: branch.when.clone()?, value: lifted(&branch.value, span) });
    match branches.iter().map(lifted).collect::<Option<Vec<_>>>() {
        Some(branches) => Kind::Choice(Arc::new(branches)),
        None => Kind::Unknown(Unknown { reason: Reason::NotEvaluated, what: "a choice".into() }),
    }
}
