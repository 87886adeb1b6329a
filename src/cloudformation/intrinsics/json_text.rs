//! `ToJsonString`: compact JSON text; what only deployment can tell keeps its place in it.

use super::text::concat;
use super::{Outcome, invalid, is_marker, opaque};
use crate::cloudformation::scope::Scope;
use crate::cloudformation::tree::Node;
use crate::cloudformation::worlds::Worlds;
use crate::source::Span;
use crate::value::{Kind, Value};
use std::sync::Arc;

impl Scope<'_> {
    pub(super) fn fn_to_json_string(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        match self.argument(arg, worlds)? {
            Some(value) if is_marker(&value) => Ok(Some(opaque("Fn::ToJsonString", &[&value], span))),
            Some(value) if matches!(value.kind, Kind::List(_) | Kind::Object(_)) => {
                let mut writer = Writer { parts: Vec::new(), text: String::new(), span };
                writer.value(&value);
                writer.flush();
                let mut sensitive = false;
                value.visit(&mut |inner| sensitive |= inner.sensitive);
                let text = concat(writer.parts, span, &self.ledger);
                Ok(Some(if sensitive { text.into_sensitive() } else { text }))
            }
            _ => invalid("takes a list or a map"),
        }
    }
}

struct Writer {
    parts: Vec<Value>,
    /// Text that follows the last part.
    text: String,
    span: Span,
}

impl Writer {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.parts.push(Value::string(text, self.span));
        }
    }

    fn value(&mut self, value: &Value) {
        match &value.kind {
            Kind::Null => self.text.push_str("null"),
            Kind::Bool(_) | Kind::Number(_) => self.text.push_str(&value.as_text().unwrap_or_default()),
            Kind::String(text) => {
                let quoted = quoted(text);
                self.text.push_str(&quoted);
            }
            Kind::List(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.text.push(',');
                    }
                    self.value(item);
                }
                self.text.push(']');
            }
            Kind::Object(entries) => {
                self.text.push('{');
                for (index, (key, item)) in entries.iter().enumerate() {
                    if index > 0 {
                        self.text.push(',');
                    }
                    self.text.push_str(&quoted(key));
                    self.text.push(':');
                    self.value(item);
                }
                self.text.push('}');
            }
            Kind::Template(parts) => {
                self.text.push('"');
                for part in parts.iter() {
                    self.piece(part);
                }
                self.text.push('"');
            }
            Kind::Reference(_) | Kind::Unknown(_) | Kind::Choice(_) => {
                self.text.push('"');
                self.piece(value);
                self.text.push('"');
            }
        }
    }

    /// A part inside of quotes.
    fn piece(&mut self, part: &Value) {
        match part.as_str() {
            Some(text) => {
                let quoted = quoted(text);
                self.text.push_str(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or(""));
            }
            None => {
                self.flush();
                self.parts.push(part.clone());
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
