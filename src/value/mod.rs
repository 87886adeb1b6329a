//! Values: known, a reference, one of several, or unknown with a reason; each with the place where it was written.

mod abroad;
mod number;
mod origin;
mod render;
pub mod secret;
mod unknown;
mod when;

pub use number::Number;
pub use origin::{Origin, Step};
pub use render::render;
pub use unknown::{Reason, Unknown};
pub use when::{Formula, When};

use crate::source::Span;
use indexmap::IndexMap;
use std::sync::Arc;

/// A value with its origin. Cloning is cheap enough to pass values through calls and references.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub kind: Kind,
    pub origin: Origin,
    /// Marked sensitive by the code; never printed.
    pub sensitive: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    /// An element that is `Unknown` in a list of repeated blocks stands for an unknown number of blocks.
    List(Arc<Vec<Value>>),
    Object(Arc<Object>),
    /// An attribute of another resource, known after deployment only.
    Reference(Reference),
    /// Text with values inside that only deployment can tell. Parts are strings, references or unknowns; never empty.
    Template(Arc<Vec<Value>>),
    /// One of several values, each with the condition that selects it. At least two branches.
    Choice(Arc<Vec<Branch>>),
    Unknown(Unknown),
}

/// Keys in source order.
pub type Object = IndexMap<Arc<str>, Value>;

/// `when` is `None` for the branch taken where no other is, if its condition is not worth saying.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    pub when: Option<When>,
    pub value: Value,
}

/// An attribute of a resource, of a data source, or of a module whose code is not there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The target's address within the same stack, as the report spells it: `module.alb[0].aws_lb.this["a"]`,
    /// `data.aws_region.current`, `Network/Alb`; for a module that could not be loaded `module.alb`; `stack//address` for a
    /// resource of another stack.
    pub target: Arc<str>,
    /// Attribute path after the address: `dns_name`, `endpoint[0].address`, `DNSName`; empty for the resource itself (`Ref`).
    pub attribute: Arc<str>,
}

impl Reference {
    pub fn new(target: impl Into<Arc<str>>, attribute: impl Into<Arc<str>>) -> Self {
        Self { target: target.into(), attribute: attribute.into() }
    }

    /// `aws_lb.web.dns_name`; the bare address where there is no attribute.
    pub fn text(&self) -> String {
        match (self.attribute.is_empty(), self.attribute.starts_with('[')) {
            (true, _) => self.target.to_string(),
            (false, true) => format!("{}{}", self.target, self.attribute),
            (false, false) => format!("{}.{}", self.target, self.attribute),
        }
    }
}

impl Value {
    pub fn new(kind: Kind, origin: Origin) -> Self {
        Self { kind, origin, sensitive: false }
    }

    pub fn null(span: Span) -> Self {
        Self::new(Kind::Null, Origin::at(span))
    }

    pub fn bool(value: bool, span: Span) -> Self {
        Self::new(Kind::Bool(value), Origin::at(span))
    }

    pub fn number(value: impl Into<Number>, span: Span) -> Self {
        Self::new(Kind::Number(value.into()), Origin::at(span))
    }

    pub fn string(value: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Kind::String(value.into()), Origin::at(span))
    }

    pub fn list(items: Vec<Self>, span: Span) -> Self {
        Self::new(Kind::List(Arc::new(items)), Origin::at(span))
    }

    pub fn object(entries: Object, span: Span) -> Self {
        Self::new(Kind::Object(Arc::new(entries)), Origin::at(span))
    }

    pub fn reference(target: impl Into<Arc<str>>, attribute: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Kind::Reference(Reference::new(target, attribute)), Origin::at(span))
    }

    pub fn unknown(reason: Reason, what: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Kind::Unknown(Unknown { reason, what: what.into() }), Origin::at(span))
    }

    /// Where the value was written: the place to change first.
    pub fn span(&self) -> Span {
        self.origin.span
    }

    /// The same value, used at `span`: what came before becomes part of the trail.
    #[must_use]
    pub fn through(mut self, span: Span) -> Self {
        self.origin = self.origin.through(span);
        self
    }

    /// A value marked sensitive, with everything inside it.
    #[must_use]
    pub fn into_sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// A value of which only this is known: it is a piece of the text `whole`, such as the host in a URL.
    #[must_use]
    pub fn cut_from(mut self, whole: &Self) -> Self {
        self.origin = self.origin.cut(whole.references().into_iter().cloned().collect());
        self
    }

    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// Text of a scalar: strings as they are, numbers and booleans as their text. Both languages convert this way.
    pub fn as_text(&self) -> Option<String> {
        match &self.kind {
            Kind::String(text) => Some(text.to_string()),
            Kind::Number(number) => Some(number.to_string()),
            Kind::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// A boolean, or the texts `true` and `false`, which both languages convert.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(value) => Some(*value),
            Kind::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Kind::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// A whole number, or text of one.
    pub fn as_integer(&self) -> Option<i64> {
        match &self.kind {
            Kind::Number(number) => number.as_i64(),
            Kind::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn as_reference(&self) -> Option<&Reference> {
        match &self.kind {
            Kind::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    pub fn as_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// An object's entry; `None` for an absent key and for anything that is no object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object().and_then(|entries| entries.get(key))
    }

    /// All references inside, in order, branches of choices and parts of templates included; for an unknown value those of
    /// the text that it is a piece of.
    pub fn references(&self) -> Vec<&Reference> {
        let mut found = Vec::new();
        self.visit(&mut |value| match &value.kind {
            Kind::Reference(reference) => found.push(reference),
            Kind::Unknown(_) => found.extend(value.origin.cut_from()),
            _ => {}
        });
        found
    }

    /// All references inside, and what texts that only deployment can tell were read from.
    pub fn points_to(&self) -> Vec<&Reference> {
        let mut found = self.references();
        self.visit(&mut |value| {
            if let Kind::Template(_) = value.kind {
                found.extend(value.origin.cut_from());
            }
        });
        found
    }

    /// Calls `see` for this value and every value inside it, outer first.
    pub fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        match &self.kind {
            Kind::List(items) | Kind::Template(items) => items.iter().for_each(|item| item.visit(see)),
            Kind::Object(entries) => entries.values().for_each(|item| item.visit(see)),
            Kind::Choice(branches) => branches.iter().for_each(|branch| branch.value.visit(see)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Reference(_) | Kind::Unknown(_) => {}
        }
    }

    /// Makes the conditions inside those that the stack has; see [`Formula::within`].
    pub fn place_within(&mut self, stack: &Arc<str>) {
        let mut chooses = false;
        self.visit(&mut |value| chooses |= matches!(value.kind, Kind::Choice(_)));
        if !chooses {
            return;
        }
        match &mut self.kind {
            Kind::List(items) | Kind::Template(items) => {
                Arc::make_mut(items).iter_mut().for_each(|item| item.place_within(stack));
            }
            Kind::Object(entries) => Arc::make_mut(entries).values_mut().for_each(|item| item.place_within(stack)),
            Kind::Choice(branches) => {
                for branch in Arc::make_mut(branches) {
                    branch.when = branch.when.as_ref().map(|when| when.within(stack));
                    branch.value.place_within(stack);
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Reference(_) | Kind::Unknown(_) => {}
        }
    }

    /// The alternatives with the conditions that select them, nested choices flattened; a plain value is its own single one.
    /// Alternatives whose conditions contradict each other are left out.
    pub fn alternatives(&self) -> Vec<(Option<When>, &Self)> {
        let mut found = Vec::new();
        self.collect_alternatives(None, &mut found);
        found
    }

    fn collect_alternatives<'a>(&'a self, when: Option<When>, found: &mut Vec<(Option<When>, &'a Self)>) {
        let Kind::Choice(branches) = &self.kind else {
            found.push((when.filter(|when| !when.is_always()), self));
            return;
        };
        for branch in branches.iter() {
            let combined = When::both(when.as_ref(), branch.when.as_ref());
            if combined.as_ref().is_none_or(When::satisfiable) {
                branch.value.collect_alternatives(combined, found);
            }
        }
    }
}
