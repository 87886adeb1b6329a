//! JSON text in the layout of Go's encoder, with values inside that only deployment can tell.

use crate::source::Span;
use crate::terraform::datum::{Datum, Kind};
use std::fmt::Write as _;
use std::sync::Arc;

/// What is written: a value, or an object whose keys keep their order.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Value(Datum),
    List(Vec<Node>),
    Object(Vec<(Arc<str>, Node)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Compact,
    /// Two blanks a level.
    Indented,
}

impl Node {
    pub(crate) fn from_json(json: &serde_json::Value, span: Span) -> Self {
        match json {
            serde_json::Value::Array(items) => {
                Self::List(items.iter().map(|item| Self::from_json(item, span)).collect())
            }
            serde_json::Value::Object(entries) => Self::Object(
                entries.iter().map(|(key, value)| (key.as_str().into(), Self::from_json(value, span))).collect(),
            ),
            serde_json::Value::Null => Self::Value(Datum::null(span)),
            serde_json::Value::Bool(value) => Self::Value(Datum::bool(*value, span)),
            serde_json::Value::Number(number) => {
                Self::Value(match number.to_string().parse::<crate::value::Number>() {
                    Ok(number) => Datum::number(number, span),
                    Err(()) => Datum::null(span),
                })
            }
            serde_json::Value::String(text) => Self::Value(Datum::string(text.as_str(), span)),
        }
    }

    /// The node as a list or object of nodes, where a value is one.
    fn opened(&self) -> Self {
        let Self::Value(value) = self else { return self.clone() };
        match &value.kind {
            Kind::Sequence(_, items) => Self::List(items.iter().cloned().map(Self::Value).collect()),
            Kind::Mapping(_, entries) => {
                Self::Object(entries.iter().map(|(key, value)| (Arc::clone(key), Self::Value(value.clone()))).collect())
            }
            _ => self.clone(),
        }
    }
}

/// Appends the pieces of the text: strings and unknown parts.
pub(crate) fn write(node: &Node, layout: Layout, depth: usize, pieces: &mut Vec<Datum>, span: Span) {
    match node.opened() {
        Node::Value(value) => scalar(&value, pieces, span),
        Node::List(items) => {
            let writers = items.iter().map(|item| (None, item));
            enclose(writers.collect(), ("[", "]"), layout, depth, pieces, span);
        }
        Node::Object(entries) => {
            let writers = entries.iter().map(|(key, value)| (Some(&**key), value));
            enclose(writers.collect(), ("{", "}"), layout, depth, pieces, span);
        }
    }
}

fn enclose(
    entries: Vec<(Option<&str>, &Node)>,
    brackets: (&str, &str),
    layout: Layout,
    depth: usize,
    pieces: &mut Vec<Datum>,
    span: Span,
) {
    let line = |depth: usize| match layout {
        Layout::Compact => String::new(),
        Layout::Indented => format!("\n{}", "  ".repeat(depth)),
    };
    push(pieces, brackets.0, span);
    let some = !entries.is_empty();
    for (position, (key, value)) in entries.into_iter().enumerate() {
        let mut before = if position > 0 { ",".to_owned() } else { String::new() };
        before.push_str(&line(depth + 1));
        if let Some(key) = key {
            before.push_str(&quoted(key));
            before.push_str(if layout == Layout::Compact { ":" } else { ": " });
        }
        push(pieces, &before, span);
        write(value, layout, depth + 1, pieces, span);
    }
    if some {
        push(pieces, &line(depth), span);
    }
    push(pieces, brackets.1, span);
}

fn scalar(value: &Datum, pieces: &mut Vec<Datum>, span: Span) {
    match &value.kind {
        Kind::Null => push(pieces, "null", span),
        Kind::Bool(value) => push(pieces, &value.to_string(), span),
        Kind::Number(number) => push(pieces, &number.to_string(), span),
        Kind::String(text) => push(pieces, &quoted(text), span),
        // What a value of unknown type will be is most often a string.
        _ => {
            push(pieces, "\"", span);
            match &value.kind {
                Kind::Template(parts) => {
                    for part in parts.iter() {
                        match part.as_str() {
                            Some(text) => push(pieces, &escaped(text), span),
                            None => pieces.push(part.clone()),
                        }
                    }
                }
                _ => pieces.push(value.clone()),
            }
            push(pieces, "\"", span);
        }
    }
}

fn push(pieces: &mut Vec<Datum>, text: &str, span: Span) {
    pieces.push(Datum::string(text, span));
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Go escapes what could end a script element, and the two line separators.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{c}' => escaped.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(c));
            }
            c if u32::from(c) < 0x20 => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}
