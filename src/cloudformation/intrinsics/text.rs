//! Texts: `Sub`, `Join`, `Split`, `Base64`, and dynamic references inside of them.

use super::{Outcome, Stop, decided, invalid, is_marker, opaque};
use crate::cloudformation::content::subject;
use crate::cloudformation::ledger::Ledger;
use crate::cloudformation::scope::Scope;
use crate::cloudformation::tree::{Node, Shape};
use crate::cloudformation::worlds::Worlds;
use crate::source::Span;
use crate::value::{Kind, Origin, Reason, Value};
use std::sync::Arc;

/// Bytes above which a text is not put together.
const LONGEST_TEXT: usize = 4_000_000;

/// Parts put together: constants folded, templates flattened, dynamic references made unknown.
/// Text alone is a string, a single marker is that marker. What holds a sensitive part is sensitive.
pub(crate) fn concat(parts: Vec<Value>, span: Span, ledger: &Ledger) -> Value {
    let sensitive = parts.iter().any(|part| part.sensitive);
    let mut folder = Folder::default();
    for part in parts {
        folder.push(part);
        if folder.length > LONGEST_TEXT {
            break;
        }
    }
    let length = folder.length;
    if length > LONGEST_TEXT || !ledger.spend((length as u64) / 16) {
        return Value::unknown(Reason::TooLarge, format!("a text of {length} bytes or more"), span);
    }
    let mut flat = dynamic(folder.finish(), span);
    let value = match flat.len() {
        0 => Value::string("", span),
        1 => flat.pop().unwrap_or_else(|| Value::string("", span)),
        _ => Value::new(Kind::Template(Arc::new(flat)), Origin::at(span)),
    };
    if sensitive { value.into_sensitive() } else { value }
}

/// Joins texts that follow each other. A joined text was written where all of them were.
#[derive(Default)]
struct Folder {
    parts: Vec<Value>,
    text: String,
    origin: Option<Origin>,
    /// Bytes of all texts.
    length: usize,
}

impl Folder {
    fn push(&mut self, part: Value) {
        if let Kind::Template(inner) = &part.kind {
            for piece in inner.iter() {
                self.push(piece.clone());
            }
            return;
        }
        let Some(text) = part.as_text() else {
            self.flush();
            self.parts.push(part);
            return;
        };
        if text.is_empty() {
            return;
        }
        self.length = self.length.saturating_add(text.len());
        self.text.push_str(&text);
        self.origin = match self.origin.take() {
            Some(mut origin) => {
                origin.span = origin.span.join(part.origin.span);
                Some(origin)
            }
            None => Some(part.origin),
        };
    }

    fn flush(&mut self) {
        if let Some(origin) = self.origin.take() {
            let text = std::mem::take(&mut self.text);
            self.parts.push(Value::new(Kind::String(text.into()), origin));
        }
    }

    fn finish(mut self) -> Vec<Value> {
        self.flush();
        self.parts
    }
}

/// `{{resolve:service:...}}` is known at deployment only, also where it is put together from several parts.
fn dynamic(parts: Vec<Value>, span: Span) -> Vec<Value> {
    if !parts.iter().any(|part| part.as_str().is_some_and(|text| text.contains("{{resolve:"))) {
        return parts;
    }
    let mut out: Vec<Value> = Vec::new();
    // What stands inside a reference that is not closed yet.
    let mut inside: Option<Vec<Value>> = None;
    for part in parts {
        let Some(text) = part.as_str() else {
            match &mut inside {
                Some(open) => open.push(part),
                None => out.push(part),
            }
            continue;
        };
        let mut rest: &str = text;
        while !rest.is_empty() {
            let piece = |text: &str| Value::new(Kind::String(text.into()), part.origin.clone());
            match inside.take() {
                Some(mut open) => match rest.find("}}") {
                    Some(end) => {
                        open.push(piece(&rest[..end + 2]));
                        out.push(looked_up(&open, span));
                        rest = &rest[end + 2..];
                    }
                    None => {
                        open.push(piece(rest));
                        inside = Some(open);
                        rest = "";
                    }
                },
                None => match rest.find("{{resolve:") {
                    Some(start) => {
                        if start > 0 {
                            out.push(piece(&rest[..start]));
                        }
                        inside = Some(vec![piece(&rest[start..start + 2])]);
                        rest = &rest[start + 2..];
                    }
                    None => {
                        out.push(piece(rest));
                        rest = "";
                    }
                },
            }
        }
    }
    // Never closed: it is plain text.
    let mut folder = Folder::default();
    for part in out.into_iter().chain(inside.unwrap_or_default()) {
        folder.push(part);
    }
    folder.finish()
}

fn looked_up(parts: &[Value], span: Span) -> Value {
    let whole = Value::new(Kind::Template(Arc::new(parts.to_vec())), Origin::at(span));
    let at = if parts.len() <= 2 { parts.first().map_or(span, Value::span) } else { span };
    Value::unknown(Reason::LookedUp, subject(&whole), at)
}

/// A name or a text between names in the text of a `Sub`.
enum Piece {
    Text(String),
    Name { name: String, written: String },
}

/// Cuts the text of a `Sub` at `${...}`.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let written = &rest[start..=start + length];
        let name = rest[start + 2..start + length].trim();
        pieces.push(Piece::Text(rest[..start].to_owned()));
        match name.strip_prefix('!') {
            Some(literal) => pieces.push(Piece::Text(format!("${{{literal}}}"))),
            None => pieces.push(Piece::Name { name: name.to_owned(), written: written.to_owned() }),
        }
        rest = &rest[start + length + 1..];
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

/// Finds pieces of a scalar's text in the source one after the other; the whole scalar where a piece is not written as it reads.
struct Finder {
    source: String,
    at: usize,
    whole: Span,
}

impl Finder {
    fn find(&mut self, piece: &str) -> Span {
        let rest = self.source.get(self.at..).unwrap_or("");
        match rest.find(piece) {
            Some(offset) => {
                let start = self.at + offset;
                self.at = start + piece.len();
                let base = self.whole.start as usize;
                Span::new(self.whole.file, base + start, base + self.at)
            }
            None => self.whole,
        }
    }
}

impl Scope<'_> {
    pub(super) fn fn_sub(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let (template, names): (&Arc<Node>, Option<&Arc<Node>>) = match arg.items() {
            [template] => (template, None),
            [template, names] if names.is_map() => (template, Some(names)),
            [] => (arg, None),
            _ => return invalid("takes a text and a map"),
        };
        // A macro may write the text; its result is there before the text is cut.
        if let Some(call) = template.intrinsic().filter(|call| &*call.key == "Fn::Transform") {
            return self.fn_transform(&call.value, span);
        }
        let Some(text) = template.as_text() else { return invalid("takes a text") };
        let mut finder = Finder { source: self.run.sources.snippet(template.span), at: 0, whole: template.span };
        let mut parts: Vec<Value> = Vec::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) if text.is_empty() => {}
                Piece::Text(text) => {
                    let at = finder.find(&text);
                    parts.push(Value::string(text, at));
                }
                Piece::Name { name, written } => {
                    let at = finder.find(&written);
                    parts.extend(self.substitute(&name, names, at, worlds)?);
                }
            }
        }
        if let [only] = parts.as_slice()
            && only.as_str().is_none_or(|text| !text.contains("{{resolve:"))
            && !matches!(only.kind, Kind::Bool(_) | Kind::Number(_))
        {
            return Ok(parts.pop());
        }
        Ok(Some(concat(parts, span, &self.ledger)))
    }

    /// What a name in a `Sub` stands for; nothing for `AWS::NoValue`.
    fn substitute(&self, name: &str, names: Option<&Arc<Node>>, at: Span, worlds: &Worlds) -> Outcome {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
        if name.is_empty() || !name.chars().all(fits) {
            return invalid(format!("${{{name}}} is no name"));
        }
        let value: Option<Value> = match names.and_then(|names| names.get(name)) {
            Some(node) => self.argument(node, worlds)?.map(|value| value.through(at)),
            None => match name.split_once('.') {
                Some((target, attribute)) if !self.parameters.contains_key(name) => {
                    Some(self.attribute(target, attribute, at, worlds))
                }
                _ => self.reference(name, at, worlds),
            },
        };
        let Some(value) = value else { return Ok(None) };
        if matches!(value.kind, Kind::Null | Kind::List(_) | Kind::Object(_)) {
            return invalid(format!("{name} is no text"));
        }
        Ok(Some(decided(value)?))
    }

    pub(super) fn fn_join(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let values = self.arguments(arg, (2, 2), worlds)?;
        let [delimiter, items] = values.as_slice() else { return invalid("takes a delimiter and a list") };
        let Some(between) = delimiter.as_str() else { return invalid("the delimiter is no text") };
        if is_marker(items) {
            return Ok(Some(opaque("Fn::Join", &[delimiter, items], span).cut_from(items)));
        }
        let Some(list) = items.as_list() else { return invalid("takes a list") };
        let mut parts: Vec<Value> = Vec::new();
        for (index, item) in list.iter().enumerate() {
            if matches!(item.kind, Kind::Null | Kind::List(_) | Kind::Object(_)) {
                return invalid("an item is no text");
            }
            if index > 0 {
                parts.push(Value { sensitive: delimiter.sensitive, ..Value::string(between, delimiter.span()) });
            }
            parts.push(item.clone());
        }
        Ok(Some(concat(parts, span, &self.ledger)))
    }

    /// The pieces of a `Split` that are certain, and what it gives as a whole where there may be more.
    pub(super) fn split(
        &self,
        arg: &Arc<Node>,
        span: Span,
        worlds: &Worlds,
    ) -> Result<(Vec<Value>, Option<Value>), Stop> {
        let values = self.arguments(arg, (2, 2), worlds)?;
        let [delimiter, text] = values.as_slice() else { return invalid("takes a delimiter and a text") };
        let Some(between) = delimiter.as_str().filter(|between| !between.is_empty()) else {
            return invalid("the delimiter is no text");
        };
        let piece = |piece: &str, whole: &Value| Value { kind: Kind::String(piece.into()), ..whole.clone() };
        if let Some(constant) = text.as_text() {
            return Ok((constant.split(between).map(|part| piece(part, text)).collect(), None));
        }
        let mut certain: Vec<Value> = Vec::new();
        match &text.kind {
            Kind::Template(parts) => {
                if let Some(pieces) = self.split_template(parts, between, span) {
                    return Ok((pieces, None));
                }
                if let Some(Value { kind: Kind::String(first), .. }) = parts.first() {
                    certain.extend(first.split(between).map(|part| piece(part, text)));
                    certain.pop();
                }
            }
            Kind::Reference(_) | Kind::Unknown(_) => {}
            _ => return invalid("takes a text"),
        }
        Ok((certain, Some(opaque("Fn::Split", &[delimiter, text], span).cut_from(text))))
    }

    pub(super) fn fn_split(&self, arg: &Arc<Node>, span: Span, worlds: &Worlds) -> Outcome {
        let (pieces, open) = self.split(arg, span, worlds)?;
        Ok(Some(open.unwrap_or_else(|| Value::list(pieces, span))))
    }

    /// Shown as its text: what an instance runs is looked into, and no property is compared in this encoding.
    pub(super) fn fn_base64(&self, arg: &Arc<Node>, worlds: &Worlds) -> Outcome {
        match self.argument(arg, worlds)? {
            Some(value) if is_marker(&value) => Ok(Some(value)),
            Some(value) => match value.as_text() {
                Some(text) => Ok(Some(Value { kind: Kind::String(text.into()), ..value })),
                None => invalid("takes a text"),
            },
            None => invalid("takes a text"),
        }
    }

    pub(super) fn fn_transform(&self, arg: &Arc<Node>, span: Span) -> Outcome {
        let name = arg.get("Name").and_then(|node| node.as_text()).unwrap_or("a macro");
        let reason = if name == "AWS::Include" { Reason::NotOnDisk } else { Reason::NotEvaluated };
        let what = match arg.get("Parameters").and_then(|node| node.get("Location")).map(|node| &node.shape) {
            Some(Shape::Text(location)) => format!("Fn::Transform {name} of {location}"),
            _ => format!("Fn::Transform {name} at {}", self.run.sources.place(span)),
        };
        Ok(Some(Value::unknown(reason, what, span)))
    }
}
