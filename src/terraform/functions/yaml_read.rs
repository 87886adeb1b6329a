//! Reading YAML as Terraform does.

use super::Call;
use crate::terraform::datum::{Datum, Entries, Evaluated, Fault, Kind};
use crate::terraform::types::{self, Type};
use crate::value::Number;
use granit_parser::{Event, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// One document, by the core schema as Terraform reads it.
pub(super) fn decode(call: &Call<'_>, source: &str) -> Evaluated {
    let mut reader = Reader { call, anchors: HashMap::new(), events: Vec::new(), at: 0 };
    for event in Parser::new_from_str(source) {
        match event {
            Ok((Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Comment(..), _)) => {}
            Ok((Event::DocumentStart(_, Some(version)), _)) if (version.major, version.minor) != (1, 1) => {
                return Err(call.invalid("the text is YAML of another version than 1.1"));
            }
            Ok((Event::Scalar(text, style, anchor, tag), place)) => {
                let text =
                    if place.end.byte_offset() == Some(source.len()) { unended(source, text, style) } else { text };
                reader.events.push(Event::Scalar(text, style, anchor, tag));
            }
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

/// A block whose last line is not ended, where the parser ends it.
fn unended<'s>(source: &str, text: Cow<'s, str>, style: ScalarStyle) -> Cow<'s, str> {
    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    match text.strip_suffix('\n') {
        Some(shorter) if block && !source.ends_with(|c: char| c.is_ascii_whitespace()) => shorter.to_owned().into(),
        _ => text,
    }
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
                (anchor, self.scalar(&text, style, self.tag(tag.as_deref())?.as_deref())?)
            }
            Some(Event::SequenceStart(_, anchor, tag)) => {
                self.must_be("seq", tag.as_deref())?;
                let mut items = Vec::new();
                while !matches!(self.events.get(self.at), Some(Event::SequenceEnd) | None) {
                    items.push(self.node()?);
                }
                self.at += 1;
                (anchor, Datum::tuple(items, span))
            }
            Some(Event::MappingStart(_, anchor, tag)) => {
                self.must_be("map", tag.as_deref())?;
                (anchor, self.mapping()?)
            }
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

    /// The name of a tag of YAML's own; there are no others.
    fn tag(&self, tag: Option<&Tag>) -> Result<Option<String>, Box<Fault>> {
        let Some(tag) = tag else { return Ok(None) };
        let whole = format!("{}{}", tag.handle(), tag.suffix());
        match whole.strip_prefix("tag:yaml.org,2002:") {
            Some(name) => Ok(Some(name.to_owned())),
            None => Err(self.call.invalid(format!("the tag {whole} is not supported"))),
        }
    }

    fn must_be(&self, kind: &str, tag: Option<&Tag>) -> Result<(), Box<Fault>> {
        match self.tag(tag)? {
            Some(name) if name != kind => Err(self.call.invalid(format!("this is no !!{name}"))),
            _ => Ok(()),
        }
    }

    /// `<<` puts the entries of a mapping in its place; what comes later wins.
    fn mapping(&mut self) -> Evaluated {
        let mut entries = Entries::new();
        while !matches!(self.events.get(self.at), Some(Event::MappingEnd) | None) {
            let key = types::convert(self.node()?, &Type::String, self.call.span)?;
            let value = self.node()?;
            match (key.kind, value.entries()) {
                (Kind::String(name), Some(merged)) if &*name == "<<" => {
                    entries.extend(merged.iter().map(|(key, value)| (Arc::clone(key), value.clone())));
                }
                (Kind::String(name), None) if &*name == "<<" => {
                    return Err(self.call.invalid("what << merges is no mapping"));
                }
                (Kind::String(name), _) => _ = entries.insert(name, value),
                _ => return Err(self.call.invalid("a key is null")),
            }
        }
        self.at += 1;
        Ok(Datum::object(entries, self.call.span))
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&str>) -> Evaluated {
        let span = self.call.span;
        match (style, tag) {
            (ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, _) | (_, Some("str" | "binary")) => {
                Ok(Datum::string(text, span))
            }
            (_, Some("null")) => Ok(Datum::null(span)),
            // A block that reads like a number or a truth value is written as that would be.
            (ScalarStyle::Literal | ScalarStyle::Folded, None) => {
                types::convert(self.plain(text)?, &Type::String, span)
            }
            (_, None) => self.plain(text),
            (_, Some(name)) => {
                let known = matches!(name, "int" | "float" | "bool" | "timestamp");
                let value = self.plain(text)?;
                if !known || (value.as_str().is_some() && timestamp(text).is_none()) {
                    return Err(self.call.invalid(format!("\"{text}\" is no !!{name}")));
                }
                Ok(value)
            }
        }
    }

    fn plain(&self, text: &str) -> Evaluated {
        let span = self.call.span;
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
            _ => match (timestamp(text), number(text)) {
                (Some(moment), _) => Datum::string(moment, span),
                (None, Some(number)) => Datum::number(number, span),
                (None, None) => Datum::string(text, span),
            },
        })
    }
}

/// A date or a moment, which Terraform writes in RFC 3339 notation: `2001-1-1`, `2001-01-01 2:03:04.5`,
/// `2001-01-01t02:03:04Z`.
fn timestamp(text: &str) -> Option<String> {
    let mut rest = text;
    let year = digits(&mut rest, 4, 4)?;
    let month = digits(after(&mut rest, '-')?, 1, 2)?;
    let day = digits(after(&mut rest, '-')?, 1, 2)?;
    let narrow = |number: u16| i8::try_from(number).ok();
    let date = jiff::civil::Date::new(i16::try_from(year).ok()?, narrow(month)?, narrow(day)?).ok()?;
    if rest.is_empty() {
        return Some(format!("{date}T00:00:00Z"));
    }
    let zoned = !rest.starts_with(' ');
    let separator = rest.chars().next().filter(|c| matches!(c, ' ' | 'T' | 't'))?;
    let hour = digits(after(&mut rest, separator)?, 1, 2)?;
    let minute = digits(after(&mut rest, ':')?, 1, 2)?;
    let second = digits(after(&mut rest, ':')?, 1, 2)?;
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        rest = Some(rest).filter(|rest| rest.len() < fraction.len())?;
    }
    let time = jiff::civil::Time::new(narrow(hour)?, narrow(minute)?, narrow(second)?, 0).ok()?;
    let zone = match (zoned, rest) {
        (false, "") | (true, "Z") => "Z",
        (true, zone) => {
            let mut rest = zone.strip_prefix(['+', '-'])?;
            let hours = digits(&mut rest, 2, 2)?;
            let minutes = digits(after(&mut rest, ':')?, 2, 2)?;
            if hours > 24 || minutes > 59 || !rest.is_empty() {
                return None;
            }
            if hours == 0 && minutes == 0 { "Z" } else { zone }
        }
        _ => return None,
    };
    Some(format!("{date}T{time}{zone}"))
}

fn after<'r, 't>(rest: &'r mut &'t str, c: char) -> Option<&'r mut &'t str> {
    *rest = rest.strip_prefix(c)?;
    Some(rest)
}

fn digits(rest: &mut &str, least: usize, most: usize) -> Option<u16> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (number, behind) = rest.split_at_checked(count).filter(|_| count >= least)?;
    *rest = behind;
    number.parse().ok()
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
