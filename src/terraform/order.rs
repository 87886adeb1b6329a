//! How many elements there are, and in which order, where some of them are not known.

use super::datum::{Datum, Kind, MOST_REFERENCES, Sequence};
use super::{equality, operators};
use crate::source::Span;
use crate::value::{Reference, Unknown};

/// More elements than this are not compared two by two.
const MOST_COMPARED: usize = 64;

/// Equal for certain, known or not.
pub(crate) fn alike(first: &Datum, second: &Datum) -> bool {
    match (&first.kind, &second.kind) {
        (Kind::Reference(a), Kind::Reference(b)) => a == b,
        (Kind::Unknown(a), Kind::Unknown(b)) => a == b,
        (Kind::Template(a), Kind::Template(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| alike(a, b))
        }
        _ => equality::same(first, second),
    }
}

/// Different for certain: two values that differ, or the identifiers of two resources of one type.
pub(crate) fn differ(first: &Datum, second: &Datum) -> bool {
    if let (Kind::Reference(a), Kind::Reference(b)) = (&first.kind, &second.kind) {
        return identified_type(a).is_some_and(|of| Some(of) == identified_type(b))
            && a.attribute == b.attribute
            && a.target != b.target;
    }
    matches!(equality::equal(first, second, first.origin.span).kind, Kind::Bool(false))
}

/// The type of the managed resource that a reference identifies.
fn identified_type(reference: &Reference) -> Option<String> {
    if !matches!(&*reference.attribute, "id" | "arn") {
        return None;
    }
    let address = crate::resource::Address::new(reference.target.as_ref()).without_keys();
    let mut names = address.split('.').peekable();
    while names.next_if_eq(&"module").is_some() {
        names.next();
    }
    names.next().filter(|of| *of != "data" && names.next().is_some()).map(str::to_owned)
}

/// An element that may or may not be equal to another.
pub(crate) fn doubtful(items: &[Datum]) -> Option<&Datum> {
    let unknown = items.iter().find(|item| !item.is_wholly_known())?;
    if items.len() > MOST_COMPARED {
        return Some(unknown);
    }
    let certain = |first: &Datum, second: &Datum| alike(first, second) || differ(first, second);
    items.iter().enumerate().find_map(|(position, item)| {
        let earlier = items.iter().take(position).find(|earlier| !certain(earlier, item))?;
        Some(if item.is_wholly_known() { earlier } else { item })
    })
}

/// The elements of a set in their places, where those are not known; `None` where they are.
pub(crate) fn shuffled(set: &Datum, span: Span) -> Option<Datum> {
    let Kind::Sequence(Sequence::Set, items) = &set.kind else { return None };
    let cause = items.iter().find(|item| item.is_unknown()).filter(|_| items.len() > 1)?;
    let mut whole = operators::opaque(cause, &format!("tolist({})", set.brief()), span);
    let mut references = Vec::new();
    set.collect_references(MOST_REFERENCES, &mut references);
    if !holds_stranger(set) {
        whole.origin = whole.origin.cut(references);
    }
    let whole = whole.marked(set.holds_sensitive());
    Some(if doubtful(items).is_some() { whole } else { any_of(&whole, items.len(), span) })
}

/// As many elements as are in `whole`, each of which may be any of them.
pub(crate) fn any_of(whole: &Datum, count: usize, span: Span) -> Datum {
    let element = |index: usize| match &whole.kind {
        Kind::Unknown(unknown) => {
            let what = format!("{}[{index}]", unknown.what).into();
            whole.with_kind(Kind::Unknown(Unknown { reason: unknown.reason.clone(), what }))
        }
        _ => whole.clone(),
    };
    Datum::list((0..count).map(element).collect(), span)
}

/// Whether a value holds an unknown that is about no resource.
pub(crate) fn holds_stranger(value: &Datum) -> bool {
    match &value.kind {
        Kind::Unknown(_) | Kind::Test(..) => value.origin.cut_from().is_empty(),
        Kind::Sequence(_, items) | Kind::Template(items) => items.iter().any(holds_stranger),
        Kind::Mapping(_, entries) => entries.values().any(holds_stranger),
        _ => false,
    }
}
