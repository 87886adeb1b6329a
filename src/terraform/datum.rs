//! Values with Terraform's types: what the evaluator computes with. Lowered to [`crate::value::Value`] at the boundary.

use crate::source::Span;
use crate::value::{self, Formula, Number, Origin, Reason, Reference, Unknown, Value, When};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) type Entries = BTreeMap<Arc<str>, Datum>;

/// References that what is made of several texts remembers.
pub(crate) const MOST_REFERENCES: usize = 8;

#[derive(Clone, Debug)]
pub(crate) struct Datum {
    pub(crate) kind: Kind,
    pub(crate) origin: Origin,
    pub(crate) sensitive: bool,
    /// How many values it is made of, however often one is shared: what a walk over it costs.
    weight: u32,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    Sequence(Sequence, Arc<Vec<Datum>>),
    Mapping(Mapping, Arc<Entries>),
    /// An instance of a resource or of a module whose code is there; attributes are looked up on demand.
    Instance(Instance),
    Reference(Reference),
    /// Text with parts that only deployment can tell; never empty.
    Template(Arc<Vec<Datum>>),
    /// At least two branches whose conditions exclude each other.
    Choice(Arc<Vec<Branch>>),
    /// A boolean that hangs on something unknown, and how.
    Test(Arc<Formula>, Unknown),
    Unknown(Unknown),
}

impl Kind {
    fn weight(&self) -> u32 {
        let sum = |weights: &mut dyn Iterator<Item = u32>| weights.fold(1, u32::saturating_add);
        match self {
            Self::Sequence(_, items) | Self::Template(items) => sum(&mut items.iter().map(|item| item.weight)),
            Self::Mapping(_, entries) => sum(&mut entries.values().map(|item| item.weight)),
            Self::Choice(branches) => sum(&mut branches.iter().map(|branch| branch.value.weight)),
            _ => 1,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sequence {
    Tuple,
    List,
    Set,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mapping {
    Object,
    Map,
    /// A nested block of a resource: an object to which the provider may add.
    Block,
}

#[derive(Clone, Debug)]
pub(crate) struct Branch {
    pub(crate) when: When,
    pub(crate) value: Datum,
}

/// Positions in the evaluator's tables; see `evaluator`.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) target: Target,
    pub(crate) address: Arc<str>,
    /// That it stands for an unknown number of instances, and the condition under which there is any.
    pub(crate) symbolic: Option<When>,
}

#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// A resource or data source: scope, position of its block, key.
    Resource {
        scope: usize,
        block: usize,
        key: Option<Key>,
    },
    Module {
        scope: usize,
    },
}

/// The key of an instance made by `count` or `for_each`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    Index(usize),
    Name(Arc<str>),
}

impl Key {
    /// As it stands in an address.
    pub(crate) fn suffix(key: Option<&Self>) -> String {
        match key {
            None => String::new(),
            Some(Self::Index(index)) => format!("[{index}]"),
            Some(Self::Name(name)) => format!("[\"{}\"]", quoted(name)),
        }
    }
}

/// A text as Terraform writes it into an address: the inside of a quoted text in its language.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '"' | '\\' => quoted.extend(['\\', letter]),
            '$' | '%' if letters.peek() == Some(&'{') => quoted.extend([letter, letter]),
            _ if letter.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => quoted.push(letter),
        }
    }
    quoted
}

/// An expression that Terraform would refuse, or whose value cannot be had. `try` and `can` see it.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) unknown: Unknown,
    pub(crate) span: Span,
}

pub(crate) type Evaluated = Result<Datum, Box<Fault>>;

impl Fault {
    pub(crate) fn new(reason: Reason, what: impl Into<Arc<str>>, span: Span) -> Box<Self> {
        Box::new(Self { unknown: Unknown { reason, what: what.into() }, span })
    }

    /// The code is wrong at `span`; `what` is filled in from the source where the fault leaves the expression.
    pub(crate) fn invalid(why: impl Into<Arc<str>>, span: Span) -> Box<Self> {
        Self::new(Reason::Invalid(why.into()), "", span)
    }

    pub(crate) fn into_datum(self) -> Datum {
        Datum::new(Kind::Unknown(self.unknown), self.span)
    }
}

impl Datum {
    pub(crate) fn new(kind: Kind, span: Span) -> Self {
        let weight = kind.weight();
        Self { kind, origin: Origin::at(span), sensitive: false, weight }
    }

    pub(crate) fn null(span: Span) -> Self {
        Self::new(Kind::Null, span)
    }

    pub(crate) fn bool(value: bool, span: Span) -> Self {
        Self::new(Kind::Bool(value), span)
    }

    pub(crate) fn string(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Kind::String(text.into()), span)
    }

    pub(crate) fn number(number: impl Into<Number>, span: Span) -> Self {
        Self::new(Kind::Number(number.into()), span)
    }

    pub(crate) fn count(number: usize, span: Span) -> Self {
        Self::number(i64::try_from(number).unwrap_or(i64::MAX), span)
    }

    pub(crate) fn sequence(shape: Sequence, items: Vec<Self>, span: Span) -> Self {
        Self::new(Kind::Sequence(shape, Arc::new(items)), span)
    }

    pub(crate) fn tuple(items: Vec<Self>, span: Span) -> Self {
        Self::sequence(Sequence::Tuple, items, span)
    }

    pub(crate) fn list(items: Vec<Self>, span: Span) -> Self {
        Self::sequence(Sequence::List, items, span)
    }

    pub(crate) fn mapping(shape: Mapping, entries: Entries, span: Span) -> Self {
        Self::new(Kind::Mapping(shape, Arc::new(entries)), span)
    }

    pub(crate) fn object(entries: Entries, span: Span) -> Self {
        Self::mapping(Mapping::Object, entries, span)
    }

    pub(crate) fn unknown(reason: Reason, what: impl Into<Arc<str>>, span: Span) -> Self {
        Self::new(Kind::Unknown(Unknown { reason, what: what.into() }), span)
    }

    #[must_use]
    pub(crate) fn through(mut self, span: Span) -> Self {
        self.origin = self.origin.through(span);
        self
    }

    /// The same value with another kind, keeping where it came from.
    pub(crate) fn with_kind(&self, kind: Kind) -> Self {
        let weight = kind.weight();
        Self { kind, origin: self.origin.clone(), sensitive: self.sensitive, weight }
    }

    /// With the history and the mark of another value.
    #[must_use]
    pub(crate) fn from(self, other: &Self) -> Self {
        other.with_kind(self.kind)
    }

    #[must_use]
    pub(crate) fn marked(mut self, sensitive: bool) -> Self {
        self.sensitive |= sensitive;
        self
    }

    pub(crate) fn weight(&self) -> usize {
        usize::try_from(self.weight).unwrap_or(usize::MAX)
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    pub(crate) fn is_invalid(&self) -> bool {
        matches!(&self.kind, Kind::Unknown(Unknown { reason: Reason::Invalid(_), .. }))
    }

    /// Not a value that Terraform would have here: computations over it give an unknown.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(
            self.kind,
            Kind::Reference(_) | Kind::Template(_) | Kind::Test(..) | Kind::Unknown(_) | Kind::Choice(_)
        ) || self.is_symbolic()
    }

    /// Not a value of which the code says all: unknown, or a resource as a whole, to which the provider adds.
    pub(crate) fn is_open(&self) -> bool {
        self.is_unknown() || matches!(self.kind, Kind::Instance(_))
    }

    pub(crate) fn is_symbolic(&self) -> bool {
        matches!(&self.kind, Kind::Instance(instance) if instance.symbolic.is_some())
    }

    /// Known through and through.
    pub(crate) fn is_wholly_known(&self) -> bool {
        match &self.kind {
            Kind::Sequence(_, items) => items.iter().all(Self::is_wholly_known),
            Kind::Mapping(_, entries) => entries.values().all(Self::is_wholly_known),
            Kind::Instance(_) => false,
            _ => !self.is_unknown(),
        }
    }

    pub(crate) fn holds_sensitive(&self) -> bool {
        self.sensitive
            || match &self.kind {
                Kind::Sequence(_, items) => items.iter().any(Self::holds_sensitive),
                Kind::Template(parts) => parts.iter().any(Self::holds_sensitive),
                Kind::Mapping(_, entries) => entries.values().any(Self::holds_sensitive),
                Kind::Choice(branches) => branches.iter().any(|branch| branch.value.holds_sensitive()),
                _ => false,
            }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::Sequence(_, items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn entries(&self) -> Option<&Entries> {
        match &self.kind {
            Kind::Mapping(_, entries) => Some(entries),
            _ => None,
        }
    }

    /// The unknown that makes this value unknown, first found, in a form for people.
    pub(crate) fn first_unknown(&self) -> Option<Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) | Kind::Test(_, unknown) => Some(unknown.clone()),
            Kind::Reference(reference) => Some(after_deployment(&reference.text())),
            Kind::Instance(instance) => Some(after_deployment(&instance.address)),
            Kind::Sequence(_, items) | Kind::Template(items) => items.iter().find_map(Self::first_unknown),
            Kind::Mapping(_, entries) => entries.values().find_map(Self::first_unknown),
            Kind::Choice(branches) => Some(Unknown {
                reason: Reason::NotEvaluated,
                what: branches.first().map_or_else(|| "a choice".into(), |branch| branch.when.text().into()),
            }),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
        }
    }

    /// What the value refers to, in order, up to `most` in all; for an unknown value what it was cut out of.
    pub(crate) fn collect_references(&self, most: usize, found: &mut Vec<Reference>) {
        if found.len() >= most {
            return;
        }
        match &self.kind {
            Kind::Reference(reference) => found.push(reference.clone()),
            Kind::Instance(instance) => found.push(Reference::new(Arc::clone(&instance.address), "")),
            Kind::Unknown(_) => {
                let room = most - found.len();
                found.extend(self.origin.cut_from().iter().take(room).cloned());
            }
            Kind::Sequence(_, items) | Kind::Template(items) => {
                items.iter().for_each(|item| item.collect_references(most, found));
            }
            Kind::Mapping(_, entries) => entries.values().for_each(|item| item.collect_references(most, found)),
            Kind::Choice(branches) => branches.iter().for_each(|branch| branch.value.collect_references(most, found)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Test(..) => {}
        }
    }

    /// The arguments of other resources that known texts in the value were read from, up to `most` in all.
    pub(crate) fn collect_sources(&self, most: usize, found: &mut Vec<Reference>) {
        match &self.kind {
            Kind::String(_) | Kind::Template(_) => {
                let room = most.saturating_sub(found.len());
                found.extend(self.origin.cut_from().iter().take(room).cloned());
            }
            Kind::Sequence(_, items) => items.iter().for_each(|item| item.collect_sources(most, found)),
            Kind::Mapping(_, entries) => entries.values().for_each(|item| item.collect_sources(most, found)),
            _ => {}
        }
    }

    /// What the value is called in messages.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Bool(_) | Kind::Test(..) => "bool",
            Kind::Number(_) => "number",
            Kind::String(_) | Kind::Template(_) => "string",
            Kind::Sequence(Sequence::Tuple, _) => "tuple",
            Kind::Sequence(Sequence::List, _) => "list",
            Kind::Sequence(Sequence::Set, _) => "set",
            Kind::Mapping(Mapping::Object | Mapping::Block, _) | Kind::Instance(_) => "object",
            Kind::Mapping(Mapping::Map, _) => "map",
            Kind::Reference(_) | Kind::Choice(_) | Kind::Unknown(_) => "unknown value",
        }
    }

    /// Lowers to the shared value type. Branches that Terraform would refuse are dropped where another remains.
    pub(crate) fn to_value(&self) -> Value {
        let kind = match &self.kind {
            Kind::Null => value::Kind::Null,
            Kind::Bool(value) => value::Kind::Bool(*value),
            Kind::Number(number) => value::Kind::Number(number.clone()),
            Kind::String(text) => value::Kind::String(Arc::clone(text)),
            Kind::Sequence(_, items) => value::Kind::List(Arc::new(items.iter().map(Self::to_value).collect())),
            Kind::Mapping(_, entries) => value::Kind::Object(Arc::new(
                entries.iter().map(|(key, value)| (Arc::clone(key), value.to_value())).collect(),
            )),
            Kind::Instance(instance) => value::Kind::Reference(Reference::new(Arc::clone(&instance.address), "")),
            Kind::Reference(reference) => value::Kind::Reference(reference.clone()),
            Kind::Template(parts) => value::Kind::Template(Arc::new(parts.iter().map(Self::to_value).collect())),
            Kind::Test(_, unknown) | Kind::Unknown(unknown) => value::Kind::Unknown(unknown.clone()),
            Kind::Choice(branches) => {
                let valid: Vec<_> = branches.iter().filter(|branch| !branch.value.is_invalid()).collect();
                if let [only] = valid.as_slice() {
                    return only.value.to_value();
                }
                let kept = if valid.is_empty() { branches.iter().collect() } else { valid };
                let branches = kept
                    .into_iter()
                    .map(|branch| value::Branch { when: Some(branch.when.clone()), value: branch.value.to_value() });
                value::Kind::Choice(Arc::new(branches.collect()))
            }
        };
        Value { kind, origin: self.origin.clone(), sensitive: self.sensitive }
    }
}

pub(crate) fn after_deployment(what: &str) -> Unknown {
    Unknown { reason: Reason::AfterDeployment, what: what.into() }
}
