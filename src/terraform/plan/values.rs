//! Planned values as values: what deployment alone can tell becomes a reference to what it comes from, or unknown.

use super::references::{Found, Place, References};
use crate::source::Span;
use crate::value::{Kind, Number, Object, Reason, Unknown, Value};
use serde_json::{Map, Value as Json};
use std::cell::RefCell;
use std::collections::HashSet;
use std::str::FromStr as _;
use std::sync::Arc;

/// What the configuration tells of the expression behind a value.
#[derive(Clone, Copy)]
enum Source<'j> {
    /// The expression, or the expressions of a block's arguments.
    Written(&'j Json),
    /// The code doesn't set it: the provider does.
    Unwritten,
    /// The plan doesn't tell, as of arguments in `dynamic` blocks.
    Untold,
}

/// Turns the values of one resource, or an output, into ours.
pub(super) struct Reading<'r> {
    pub(super) references: &'r References<'r>,
    pub(super) names: &'r Names,
    pub(super) place: &'r Place,
    /// What unknown values are called.
    pub(super) name: &'r str,
    pub(super) span: Span,
    /// Whether what the provider computes is shown as unknown; otherwise it is left out.
    pub(super) keep_computed: bool,
}

/// Short texts of a plan, each kept once: names of arguments and most values come again in every resource of a type.
#[derive(Default)]
pub(super) struct Names(RefCell<HashSet<Arc<str>>>);

impl Names {
    fn share(&self, text: &str) -> Arc<str> {
        const LONGEST: usize = 64;
        if text.len() > LONGEST {
            return text.into();
        }
        let mut known = self.0.borrow_mut();
        if let Some(shared) = known.get(text) {
            return Arc::clone(shared);
        }
        let shared: Arc<str> = text.into();
        known.insert(Arc::clone(&shared));
        shared
    }
}

/// A value with the marks that the plan keeps beside it.
#[derive(Clone, Copy)]
pub(super) struct Marked<'j> {
    pub(super) value: &'j Json,
    pub(super) unknown: &'j Json,
    pub(super) sensitive: &'j Json,
}

static NOTHING: Json = Json::Null;

impl<'j> Marked<'j> {
    fn key(self, name: &str) -> Self {
        let of = |json: &'j Json| json.get(name).unwrap_or(&NOTHING);
        Self { value: of(self.value), unknown: of(self.unknown), sensitive: of(self.sensitive) }
    }

    fn element(self, index: usize) -> Self {
        let of = |json: &'j Json| json.get(index).unwrap_or(&NOTHING);
        Self { value: of(self.value), unknown: of(self.unknown), sensitive: of(self.sensitive) }
    }
}

impl Reading<'_> {
    /// All arguments of a resource.
    pub(super) fn body(&self, marked: Marked<'_>, expressions: &Json) -> Value {
        let source = if expressions.is_object() { Source::Written(expressions) } else { Source::Untold };
        let empty = Map::new();
        let value = self.object(marked.value.as_object().unwrap_or(&empty), marked, source, self.name);
        if *marked.sensitive == Json::Bool(true) { value.into_sensitive() } else { value }
    }

    /// A value whose expression is known.
    pub(super) fn single(&self, marked: Marked<'_>, expression: &Json) -> Value {
        let found = self.read(marked, Source::Written(expression), self.name);
        found.unwrap_or_else(|| Value::null(self.span))
    }

    fn read(&self, marked: Marked<'_>, source: Source<'_>, name: &str) -> Option<Value> {
        let read = if *marked.unknown == Json::Bool(true) {
            self.unknown(source, name)?
        } else {
            match marked.value {
                Json::Null if matches!(source, Source::Written(_)) => Value::null(self.span),
                Json::Null => return None,
                Json::Bool(value) => Value::bool(*value, self.span),
                Json::Number(number) => self.number(&number.to_string()),
                Json::String(text) => Value::string(self.names.share(text), self.span),
                Json::Array(items) => self.list(items, marked, source, name)?,
                Json::Object(entries) => {
                    let object = self.object(entries, marked, source, name);
                    let empty = object.as_object().is_some_and(Object::is_empty);
                    if empty && !matches!(source, Source::Written(_)) {
                        return None;
                    }
                    object
                }
            }
        };
        Some(if *marked.sensitive == Json::Bool(true) { read.into_sensitive() } else { read })
    }

    fn number(&self, text: &str) -> Value {
        match Number::from_str(text) {
            Ok(number) => Value::number(number, self.span),
            Err(_) => Value::unknown(Reason::TooLarge, self.name, self.span),
        }
    }

    fn list(&self, items: &[Json], marked: Marked<'_>, source: Source<'_>, name: &str) -> Option<Value> {
        let length = items.len().max(marked.unknown.as_array().map_or(0, Vec::len));
        if length == 0 && !matches!(source, Source::Written(_)) {
            return None;
        }
        let of_blocks = items.iter().any(Json::is_object);
        let read = |index: usize| {
            let source = match source {
                Source::Written(Json::Array(blocks)) if blocks.len() == length => {
                    blocks.get(index).map_or(Source::Untold, Source::Written)
                }
                Source::Written(Json::Array(_)) => Source::Untold,
                Source::Unwritten if of_blocks => Source::Untold,
                other => other,
            };
            let element = self.read(marked.element(index), source, &format!("{name}[{index}]"));
            element.unwrap_or_else(|| match marked.value.get(index) {
                Some(Json::Object(_)) => Value::object(Object::new(), self.span),
                _ => Value::null(self.span),
            })
        };
        Some(Value::list((0..length).map(read).collect(), self.span))
    }

    fn object(&self, entries: &Map<String, Json>, marked: Marked<'_>, source: Source<'_>, name: &str) -> Value {
        let mut object = Object::new();
        let unknown = marked.unknown.as_object().into_iter().flat_map(Map::keys);
        let more = unknown.filter(|key| !entries.contains_key(*key));
        for key in entries.keys().chain(more) {
            let source = match source {
                Source::Written(node) if is_expression(node) => source,
                Source::Written(node) => node.get(key).map_or(Source::Unwritten, Source::Written),
                other => other,
            };
            if let Some(value) = self.read(marked.key(key), source, &format!("{name}.{key}")) {
                object.insert(self.names.share(key), value);
            }
        }
        object.shrink_to_fit();
        Value::object(object, self.span)
    }

    fn unknown(&self, source: Source<'_>, name: &str) -> Option<Value> {
        let found = match source {
            Source::Written(node) => self.references.follow(node, self.place),
            Source::Unwritten if !self.keep_computed => return None,
            Source::Unwritten | Source::Untold => Found::default(),
        };
        if let ([only], None) = (found.references.as_slice(), &found.lost) {
            return Some(Value::reference(Arc::clone(&only.target), Arc::clone(&only.attribute), self.span));
        }
        let what: Arc<str> = found.lost.map_or_else(|| name.into(), Into::into);
        let mut value = Value::new(
            Kind::Unknown(Unknown { reason: Reason::AfterDeployment, what }),
            crate::value::Origin::at(self.span),
        );
        value.origin = value.origin.cut(found.references);
        Some(value)
    }
}

/// An expression, and not the expressions of a block.
fn is_expression(node: &Json) -> bool {
    node.get("references").is_some_and(Json::is_array) || node.get("constant_value").is_some()
}
