//! YAML in Terraform's layout, and reading it.

use super::Call;
use crate::terraform::datum::{Datum, Entries, Evaluated, Kind};
use crate::terraform::types::{self, Type};
use crate::value::Number;
use granit_parser::{Event, Parser, ScalarStyle};
use std::collections::HashMap;
use std::sync::Arc;

/// Keys and texts are quoted, lists stand under their key without indentation.
pub(super) fn encode(value: &Datum) -> String {
    let mut text = String::new();
    let depth = usize::from(matches!(value.kind, Kind::String(_)));
    write(value, depth, false, &mut text);
    end_line(&mut text);
    // A plain scalar that stands alone is followed by the mark of the document's end.
    if matches!(value.kind, Kind::Null | Kind::Bool(_) | Kind::Number(_)) {
        text.push_str("...\n");
    }
    text
}

fn write(value: &Datum, depth: usize, in_line: bool, text: &mut String) {
    let pad = "  ".repeat(depth);
    match &value.kind {
        Kind::Sequence(_, items) if !items.is_empty() => {
            for (position, item) in items.iter().enumerate() {
                if position > 0 || !in_line {
                    text.push_str(&pad);
                }
                text.push_str("- ");
                write(item, depth + 1, true, text);
                end_line(text);
            }
        }
        Kind::Mapping(_, entries) if !entries.is_empty() => {
            for (position, (key, item)) in entries.iter().enumerate() {
                if position > 0 || !in_line {
                    text.push_str(&pad);
                }
                text.push_str(&quoted(key));
                text.push(':');
                match &item.kind {
                    Kind::Sequence(_, items) if !items.is_empty() => {
                        text.push('\n');
                        write(item, depth, false, text);
                    }
                    Kind::Mapping(_, entries) if !entries.is_empty() => {
                        text.push('\n');
                        write(item, depth + 1, false, text);
                    }
                    _ => {
                        text.push(' ');
                        write(item, depth + 1, true, text);
                    }
                }
                end_line(text);
            }
        }
        Kind::Sequence(..) => text.push_str("[]"),
        Kind::Mapping(..) => text.push_str("{}"),
        Kind::String(source) => write_text(source, depth, text),
        Kind::Number(number) => text.push_str(&number.to_string()),
        Kind::Bool(value) => text.push_str(&value.to_string()),
        _ => text.push_str("null"),
    }
}

fn end_line(text: &mut String) {
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

/// Texts of several lines are literal blocks.
fn write_text(source: &str, depth: usize, text: &mut String) {
    let printable = source.chars().all(|c| c == '\n' || c == '\t' || !c.is_control());
    if !source.contains('\n') || !printable || source.starts_with([' ', '\n']) {
        text.push_str(&quoted(source));
        return;
    }
    let trailing = source.len() - source.trim_end_matches('\n').len();
    text.push('|');
    match trailing {
        0 => text.push('-'),
        1 => {}
        _ => text.push('+'),
    }
    text.push('\n');
    let body = source.strip_suffix('\n').unwrap_or(source);
    let pad = "  ".repeat(depth);
    for line in body.split('\n') {
        if !line.is_empty() {
            text.push_str(&pad);
            text.push_str(line);
        }
        text.push('\n');
    }
}

fn quoted(source: &str) -> String {
    let mut quoted = String::from("\"");
    for c in source.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\x{:02X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// One document, by the core schema as Terraform reads it.
pub(super) fn decode(call: &Call<'_>, source: &str) -> Evaluated {
    let mut reader = Reader { call, anchors: HashMap::new(), events: Vec::new(), at: 0 };
    for event in Parser::new_from_str(source) {
        match event {
            Ok((Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Comment(..), _)) => {}
            Ok((event, _)) => reader.events.push(event),
            Err(error) => return Err(call.invalid(format!("no valid YAML: {error}"))),
        }
    }
    call.evaluator.charge(reader.events.len(), call.span)?;
    if reader.events.iter().filter(|event| matches!(event, Event::DocumentStart(..))).count() > 1 {
        return Err(call.invalid("more than one document"));
    }
    reader.at = 1;
    if reader.events.len() < 2 {
        return Err(call.invalid("the text is empty"));
    }
    reader.node()
}

struct Reader<'r> {
    call: &'r Call<'r>,
    anchors: HashMap<usize, Datum>,
    events: Vec<Event<'r>>,
    at: usize,
}

impl Reader<'_> {
    fn node(&mut self) -> Evaluated {
        let call = self.call;
        call.evaluator.bounded(call.span, || self.node_here())
    }

    fn node_here(&mut self) -> Evaluated {
        let span = self.call.span;
        let event = self.events.get(self.at).cloned();
        self.at += 1;
        let (anchor, value) = match event {
            Some(Event::Scalar(text, style, anchor, tag)) => {
                let tag = tag.map(|tag| tag.suffix().to_owned());
                (anchor, self.scalar(&text, style, tag.as_deref())?)
            }
            Some(Event::SequenceStart(_, anchor, _)) => {
                let mut items = Vec::new();
                while !matches!(self.events.get(self.at), Some(Event::SequenceEnd) | None) {
                    items.push(self.node()?);
                }
                self.at += 1;
                (anchor, Datum::tuple(items, span))
            }
            Some(Event::MappingStart(_, anchor, _)) => (anchor, self.mapping()?),
            Some(Event::Alias(anchor)) => {
                let value = self.anchors.get(&anchor).cloned();
                let value = value.ok_or_else(|| self.call.invalid("an alias has no anchor"))?;
                self.call.charge_walk(&value)?;
                (0, value)
            }
            _ => return Err(self.call.invalid("no valid YAML")),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    /// `<<` merges mappings beneath the own keys.
    fn mapping(&mut self) -> Evaluated {
        let mut entries = Entries::new();
        let mut merged = Entries::new();
        while !matches!(self.events.get(self.at), Some(Event::MappingEnd) | None) {
            let merge =
                matches!(self.events.get(self.at), Some(Event::Scalar(text, ScalarStyle::Plain, ..)) if text == "<<");
            let key = types::convert(self.node()?, &Type::String, self.call.span)?;
            let value = self.node()?;
            if merge {
                let sources =
                    if value.entries().is_some() { vec![value] } else { value.items().unwrap_or(&[]).to_vec() };
                for (key, value) in sources.iter().filter_map(Datum::entries).flatten() {
                    merged.entry(Arc::clone(key)).or_insert_with(|| value.clone());
                }
                continue;
            }
            let Kind::String(name) = key.kind else { return Err(self.call.invalid("a key is null")) };
            entries.insert(name, value);
        }
        self.at += 1;
        for (key, value) in merged {
            entries.entry(key).or_insert(value);
        }
        Ok(Datum::object(entries, self.call.span))
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&str>) -> Evaluated {
        let span = self.call.span;
        let string = || Datum::string(text, span);
        if style != ScalarStyle::Plain || tag == Some("str") {
            return Ok(string());
        }
        let infinite = text.trim_start_matches(['-', '+']);
        if matches!(infinite, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
            return Err(self.call.invalid("a number is not finite"));
        }
        Ok(match text {
            "" | "~" | "null" | "Null" | "NULL" => Datum::null(span),
            "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
                Datum::bool(true, span)
            }
            "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
                Datum::bool(false, span)
            }
            _ if is_date(text) => Datum::string(format!("{text}T00:00:00Z"), span),
            _ => number(text).map_or_else(string, |number| Datum::number(number, span)),
        })
    }
}

/// `2001-01-01`, which Terraform completes to a timestamp.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
}

/// Decimal, octal and hexadecimal notation of the core schema.
fn number(text: &str) -> Option<Number> {
    let radix = |digits: &str, radix| i64::from_str_radix(digits, radix).ok().map(Number::from);
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts = unsigned.starts_with(|c: char| c.is_ascii_digit())
        || unsigned.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if starts { types::parse_number(text) } else { None }
}
