//! One tree for YAML and JSON: every node and key with its span. Short tags are read as their long form (`!Ref X` as `Ref: X`).

use crate::diagnostic::Problem;
use crate::source::Span;
use crate::value::Number;
use std::collections::HashMap;
use std::sync::Arc;

/// A node. Shared where aliases repeat it, so that the tree stays as small as its text.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) shape: Shape,
    depth: u32,
    weight: u64,
}

#[derive(Debug)]
pub(crate) enum Shape {
    Null,
    Bool(bool),
    Number(Number),
    Text(Arc<str>),
    List(Vec<Arc<Node>>),
    /// Keys are unique, in source order.
    Map(Vec<Entry>),
}

/// A key with its value. For a short tag the key's span is that of the tag.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Arc<str>,
    pub(crate) key_span: Span,
    pub(crate) value: Arc<Node>,
}

impl Entry {
    /// From the start of the key to the end of the value.
    pub(crate) fn span(&self) -> Span {
        self.key_span.join(self.value.span)
    }
}

/// Levels of nesting above which a node is replaced by null: every walk of the tree recurses.
pub(crate) const DEEPEST: u32 = 520;

impl Node {
    pub(crate) fn new(span: Span, shape: Shape) -> Arc<Self> {
        let (depth, weight) = match &shape {
            Shape::List(items) => measure(items.iter()),
            Shape::Map(entries) => measure(entries.iter().map(|entry| &entry.value)),
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => (0, 0),
        };
        Arc::new(Self { span, shape, depth: depth.saturating_add(1), weight: weight.saturating_add(1) })
    }

    pub(crate) fn null(span: Span) -> Arc<Self> {
        Self::new(span, Shape::Null)
    }

    pub(crate) fn text(text: impl Into<Arc<str>>, span: Span) -> Arc<Self> {
        Self::new(span, Shape::Text(text.into()))
    }

    /// Levels of nesting, 1 for a scalar.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Number of nodes with aliases expanded.
    pub(crate) fn weight(&self) -> u64 {
        self.weight
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.shape {
            Shape::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Arc<Self>] {
        match &self.shape {
            Shape::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.shape, Shape::Map(_))
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self.shape, Shape::List(_))
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| &*entry.key == key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Arc<Self>> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a map that has just one.
    pub(crate) fn only_entry(&self) -> Option<&Entry> {
        match self.entries() {
            [entry] => Some(entry),
            _ => None,
        }
    }

    /// The name and argument of an intrinsic function in its long form.
    pub(crate) fn intrinsic(&self) -> Option<&Entry> {
        self.only_entry().filter(|entry| &*entry.key == "Ref" || entry.key.starts_with("Fn::"))
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar as CloudFormation turns it into text: `true`, `8080`; a whole number written with a point keeps one zero.
    pub(crate) fn scalar_text(&self) -> Option<String> {
        match &self.shape {
            Shape::Text(text) => Some(text.to_string()),
            Shape::Bool(value) => Some(value.to_string()),
            Shape::Number(number) => Some(number.to_string()),
            Shape::Null => Some(String::new()),
            Shape::List(_) | Shape::Map(_) => None,
        }
    }
}

fn measure<'a>(children: impl Iterator<Item = &'a Arc<Node>>) -> (u32, u64) {
    let mut depth: u32 = 0;
    let mut weight: u64 = 0;
    for child in children {
        depth = depth.max(child.depth);
        weight = weight.saturating_add(child.weight);
    }
    (depth, weight)
}

/// What a text was read as. `broken` says that the text has an error: the documents hold what stands before it.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) documents: Vec<Arc<Node>>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) broken: bool,
}

/// A map node in which the last of duplicate keys wins, as in CloudFormation's own reader.
pub(crate) fn map_node(span: Span, entries: Vec<Entry>, problems: &mut Vec<Problem>) -> Arc<Node> {
    let mut seen: HashMap<Arc<str>, usize> = HashMap::with_capacity(entries.len());
    let mut unique: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        match seen.get(&entry.key) {
            Some(position) => {
                let message = format!("the key `{}` is given twice: the last one counts", entry.key);
                problems.push(Problem::note(message, Some(entry.key_span)));
                if let Some(earlier) = unique.get_mut(*position) {
                    *earlier = entry;
                }
            }
            None => {
                seen.insert(Arc::clone(&entry.key), unique.len());
                unique.push(entry);
            }
        }
    }
    Node::new(span, Shape::Map(unique))
}
