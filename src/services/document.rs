//! JSON or YAML text as a value: what only deployment can tell keeps its place in it.

use crate::value::{Kind, Object, Value};
use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// Stand around the number of a value inside of text. Private use: no document has them by right.
const MARK: (char, char) = ('\u{e000}', '\u{e001}');
/// Stands in a key or a word for what only deployment can tell.
pub(super) const HOLE: char = '\u{fffc}';
/// Nesting of a YAML document; serde_json has a bound of its own.
const DEEPEST: usize = 128;
/// Nodes of a YAML document, those that its aliases repeat included.
const MOST_NODES: usize = 100_000;

/// The one object that a text holds. `None` where the value is no text, or the text is not valid or holds anything else.
pub(super) fn read(value: &Value) -> Option<Value> {
    let (text, inside) = marked(value)?;
    let source = Source { inside: &inside, whole: value };
    let found = match serde_json::from_str::<Json>(&text) {
        Ok(json) => source.lift(&json),
        Err(_) => Reader::new(&text, source)?.read()?,
    };
    found.as_object().is_some().then_some(found)
}

/// What a JSON text stands for, whatever it is.
pub(super) fn json(value: &Value) -> Option<Value> {
    let (text, inside) = marked(value)?;
    let json = serde_json::from_str::<Json>(&text).ok()?;
    Some(Source { inside: &inside, whole: value }.lift(&json))
}

/// The text with marks for the values inside, and these values.
fn marked(value: &Value) -> Option<(String, Vec<&Value>)> {
    let mut text = String::new();
    let mut inside: Vec<&Value> = Vec::new();
    match &value.kind {
        Kind::String(whole) => text.push_str(whole),
        Kind::Template(parts) => {
            for part in parts.iter() {
                match part.as_str() {
                    Some(piece) => text.push_str(piece),
                    None => {
                        text.push_str(&format!("{}{}{}", MARK.0, inside.len(), MARK.1));
                        inside.push(part);
                    }
                }
            }
        }
        _ => return None,
    }
    Some((text, inside))
}

/// What pieces of a text become values by: the values that are marked in it, and the origin of the whole.
#[derive(Clone, Copy)]
struct Source<'r> {
    inside: &'r [&'r Value],
    whole: &'r Value,
}

impl Source<'_> {
    fn piece(self, kind: Kind) -> Value {
        Value { sensitive: self.whole.sensitive, ..Value::new(kind, self.whole.origin.clone()) }
    }

    /// serde_json bounds the depth of what it reads, and with it that of this.
    fn lift(self, json: &Json) -> Value {
        match json {
            Json::Null => self.piece(Kind::Null),
            Json::Bool(value) => self.piece(Kind::Bool(*value)),
            Json::Number(number) => self.piece(Kind::String(number.to_string().into())),
            Json::String(text) => self.unmark(text),
            Json::Array(items) => self.piece(Kind::List(Arc::new(items.iter().map(|item| self.lift(item)).collect()))),
            Json::Object(entries) => {
                let entry = |(key, item): (&String, &Json)| (Arc::from(with_holes(key)), self.lift(item));
                self.piece(Kind::Object(Arc::new(entries.iter().map(entry).collect::<Object>())))
            }
        }
    }

    /// A text with the values that are marked in it.
    fn unmark(self, text: &str) -> Value {
        let piece = |text: &str| self.piece(Kind::String(text.into()));
        let mut parts: Vec<Value> = Vec::new();
        let mut segments = text.split(MARK.0);
        parts.extend(segments.next().filter(|first| !first.is_empty()).map(piece));
        for segment in segments {
            let marked = segment.split_once(MARK.1);
            let found =
                marked.and_then(|(number, rest)| Some((*self.inside.get(number.parse::<usize>().ok()?)?, rest)));
            let (value, rest) = match found {
                Some((value, rest)) => (Some(value.clone()), rest),
                None => (None, segment),
            };
            parts.extend(value);
            parts.extend(Some(rest).filter(|rest| !rest.is_empty()).map(piece));
        }
        match parts.pop() {
            None => piece(""),
            Some(only) if parts.is_empty() => only,
            Some(last) => {
                parts.push(last);
                self.piece(Kind::Template(Arc::new(parts)))
            }
        }
    }
}

/// A key stays text: a hole stands for each value inside.
fn with_holes(key: &str) -> String {
    let mut text = String::new();
    let mut segments = key.split(MARK.0);
    text.push_str(segments.next().unwrap_or_default());
    for segment in segments {
        text.push(HOLE);
        text.push_str(segment.split_once(MARK.1).map_or(segment, |(_, rest)| rest));
    }
    text
}

struct Reader<'r> {
    events: Vec<Event<'r>>,
    at: usize,
    /// Anchored values, each with the number of its nodes.
    anchors: HashMap<usize, (Value, usize)>,
    nodes: usize,
    source: Source<'r>,
}

impl<'r> Reader<'r> {
    fn new(text: &'r str, source: Source<'r>) -> Option<Self> {
        let mut events = Vec::new();
        for event in Parser::new_from_str(text) {
            match event.ok()?.0 {
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Comment(..) => {}
                event => events.push(event),
            }
            // A node has two events at the most.
            if events.len() > 2 * MOST_NODES {
                return None;
            }
        }
        Some(Self { events, at: 0, anchors: HashMap::new(), nodes: 0, source })
    }

    /// The first document. A mark of another's start with nothing behind it is no document.
    fn read(mut self) -> Option<Value> {
        let found = self.document()?;
        while self.at < self.events.len() {
            if !self.document()?.is_null() {
                return None;
            }
        }
        Some(found)
    }

    fn document(&mut self) -> Option<Value> {
        if !matches!(self.events.get(self.at)?, Event::DocumentStart(..)) {
            return None;
        }
        self.at += 1;
        self.node(0)
    }

    fn node(&mut self, depth: usize) -> Option<Value> {
        let start = self.nodes;
        self.nodes += 1;
        if depth > DEEPEST || self.nodes > MOST_NODES {
            return None;
        }
        let event = self.events.get(self.at)?.clone();
        self.at += 1;
        let (anchor, value) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix() == "str");
                (anchor, self.scalar(&text, is_text))
            }
            Event::SequenceStart(_, anchor, _) => {
                let mut items = Vec::new();
                while !matches!(self.events.get(self.at)?, Event::SequenceEnd) {
                    items.push(self.node(depth + 1)?);
                }
                self.at += 1;
                (anchor, self.source.piece(Kind::List(Arc::new(items))))
            }
            Event::MappingStart(_, anchor, _) => (anchor, self.mapping(depth)?),
            Event::Alias(anchor) => {
                let (value, nodes) = self.anchors.get(&anchor)?.clone();
                self.nodes += nodes;
                (0, value)
            }
            _ => return None,
        };
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), self.nodes - start));
        }
        Some(value)
    }

    /// Numbers stay text: readers ask for what they need.
    fn scalar(&self, text: &str, is_text: bool) -> Value {
        match text {
            _ if is_text => self.source.unmark(text),
            "" | "~" | "null" | "Null" | "NULL" => self.source.piece(Kind::Null),
            "true" | "True" | "TRUE" => self.source.piece(Kind::Bool(true)),
            "false" | "False" | "FALSE" => self.source.piece(Kind::Bool(false)),
            _ => self.source.unmark(text),
        }
    }

    /// `<<` merges mappings beneath the own keys.
    fn mapping(&mut self, depth: usize) -> Option<Value> {
        let mut entries = Object::new();
        let mut merged = Vec::new();
        while !matches!(self.events.get(self.at)?, Event::MappingEnd) {
            let Event::Scalar(key, style, _, _) = self.events.get(self.at)?.clone() else { return None };
            self.at += 1;
            let value = self.node(depth + 1)?;
            if style == ScalarStyle::Plain && &*key == "<<" {
                merged.push(value);
            } else {
                entries.insert(Arc::from(with_holes(&key)), value);
            }
        }
        self.at += 1;
        for value in &merged {
            let sources = value.as_list().unwrap_or(std::slice::from_ref(value));
            for source in sources {
                for (key, value) in source.as_object()? {
                    entries.entry(Arc::clone(key)).or_insert_with(|| value.clone());
                }
            }
        }
        Some(self.source.piece(Kind::Object(Arc::new(entries))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};

    fn span() -> Span {
        Span::new(Sources::new().add("main.tf", ""), 0, 0)
    }

    fn text(text: &str) -> Value {
        Value::string(text, span())
    }

    #[test]
    fn json_and_yaml_read_alike() {
        let json = read(&text(r#"{"kind": "Service", "ports": [{"port": 443}], "on": true}"#)).unwrap();
        let yaml = read(&text("kind: Service\nports:\n- port: 443\non: true\n")).unwrap();
        assert_eq!(json, yaml);
        assert_eq!(yaml.get("kind").and_then(Value::as_str), Some("Service"));
    }

    #[test]
    fn values_keep_their_places_in_text() {
        let parts = vec![
            text("annotations:\n  cert: \""),
            Value::reference("aws_acm_certificate.web", "arn", span()),
            text("\"\n  name: web-"),
            Value::reference("random_id.x", "hex", span()),
            text("\n"),
        ];
        let found = read(&Value::new(Kind::Template(Arc::new(parts)), text("").origin)).unwrap();
        let annotations = found.get("annotations").unwrap();
        assert_eq!(
            annotations.get("cert").and_then(Value::as_reference).unwrap().text(),
            "aws_acm_certificate.web.arn"
        );
        assert!(matches!(annotations.get("name").unwrap().kind, Kind::Template(_)));
    }

    #[test]
    fn keys_with_values_inside_have_holes() {
        let parts = vec![text("a-"), Value::reference("random_id.x", "hex", span()), text(": 1\n")];
        let found = read(&Value::new(Kind::Template(Arc::new(parts)), text("").origin)).unwrap();
        assert!(found.get("a-\u{fffc}").is_some());
    }

    #[test]
    fn merge_keys_and_aliases_are_carried_out() {
        let found = read(&text("base: &base\n  a: 1\n  b: 1\nmine:\n  <<: *base\n  b: 2\n")).unwrap();
        let mine = found.get("mine").unwrap();
        assert_eq!(mine.get("a").and_then(Value::as_integer), Some(1));
        assert_eq!(mine.get("b").and_then(Value::as_integer), Some(2));
    }

    #[test]
    fn what_is_no_single_object_is_not_read() {
        for refused in ["", "- a\n", "a: 1\n---\nb: 1\n", "a: [", "plain text"] {
            assert_eq!(read(&text(refused)), None, "{refused}");
        }
        assert!(read(&text("---\na: 1\n---\n")).is_some());
        assert_eq!(read(&Value::null(span())), None);
    }

    #[test]
    fn aliases_cannot_multiply_without_end() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{items}]\n"));
        }
        assert_eq!(read(&text(&bomb)), None);
    }
}
