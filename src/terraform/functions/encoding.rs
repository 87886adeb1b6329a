//! Encoders and decoders.

use super::{Call, Function, Parameter, Sees, csv, function, json_text, text, yaml_read, yaml_text};
use crate::terraform::datum::{Datum, Entries, Evaluated, Fault, Kind};
use crate::terraform::template;
use crate::value::Number;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::str::FromStr as _;

pub(super) const FUNCTIONS: &[Function] = &[
    function("base64decode", &[Parameter::Text], Sees::Known, |call, a| base64_decode(call, &a)),
    function("base64encode", &[Parameter::Text], Sees::All, base64_encode),
    // The compressed bytes are those of Go's compressor, which no other has.
    function("base64gzip", &[Parameter::Text], Sees::All, |call, a| Ok(call.unevaluated(&a))),
    function("csvdecode", &[Parameter::Text], Sees::Known, |call, a| csv::decode(call, text(&a, 0))),
    function("jsondecode", &[Parameter::Text], Sees::All, |call, a| json_decode(call, &a)),
    function("jsonencode", &[Parameter::Nullable], Sees::All, json_encode),
    function("textdecodebase64", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| text_decode(call, &a)),
    function("textencodebase64", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| text_encode(call, &a)),
    function("urlencode", &[Parameter::Text], Sees::Known, |call, a| call.text(url_encode(text(&a, 0)))),
    function("yamldecode", &[Parameter::Text], Sees::Known, |call, a| yaml_read::decode(call, text(&a, 0))),
    function("yamlencode", &[Parameter::Nullable], Sees::Known, |call, a| match a.first() {
        Some(value) => {
            call.charge_walk(value)?;
            call.text(yaml_text::encode(value))
        }
        None => Err(call.invalid("one argument is required")),
    }),
];

/// A text that only deployment can tell stays as it is: what an instance runs is looked into, and nothing is compared in
/// this encoding.
fn base64_encode(call: &Call<'_>, arguments: Vec<Datum>) -> Evaluated {
    match arguments.into_iter().next() {
        Some(source) => match source.as_str() {
            Some(text) => call.text(STANDARD.encode(text)),
            None => Ok(source),
        },
        None => Err(call.invalid("one argument is required")),
    }
}

fn base64_decode(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let source: String = text(arguments, 0).chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let bytes = STANDARD.decode(source).map_err(|_| call.invalid("no valid Base64"))?;
    call.text(String::from_utf8(bytes).map_err(|_| call.invalid("the decoded bytes are no UTF-8 text"))?)
}

fn json_encode(call: &Call<'_>, arguments: Vec<Datum>) -> Evaluated {
    let Some(value) = arguments.into_iter().next() else { return Err(call.invalid("one argument is required")) };
    if value.is_unknown() {
        return Ok(call.opaque(&value, std::slice::from_ref(&value)));
    }
    call.charge_walk(&value)?;
    let mut pieces = Vec::new();
    json_text::write(&json_text::Node::Value(value), json_text::Layout::Compact, 0, &mut pieces, call.span);
    template::concatenate(call.evaluator, pieces, call.span)
}

/// JSON arrays are tuples, JSON objects are objects.
fn json_decode(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    match arguments.first().map(|argument| (argument, &argument.kind)) {
        Some((_, Kind::String(text))) => {
            let parsed = serde_json::from_str(text);
            from_json(call, &parsed.map_err(|error| call.invalid(format!("no valid JSON: {error}")))?, &[])
        }
        Some((whole, Kind::Template(parts))) => {
            Ok(partly_known(call, parts).unwrap_or_else(|| call.opaque(whole, arguments)))
        }
        Some((whole, _)) => Ok(call.opaque(whole, arguments)),
        None => Err(call.invalid("one argument is required")),
    }
}

/// Stands around the number of a part that is not known yet, while the text around it is read.
const HOLE: char = '\u{f8ff}';

/// JSON text in whose strings parts are not known yet. Elsewhere such a part could be anything, and so could the whole.
fn partly_known(call: &Call<'_>, parts: &[Datum]) -> Option<Datum> {
    let mut text = String::new();
    for (position, part) in parts.iter().enumerate() {
        match part.as_str() {
            Some(literal) if literal.contains(HOLE) => return None,
            Some(literal) => text.push_str(literal),
            None => text.push_str(&format!("{HOLE}{position}{HOLE}")),
        }
    }
    let parsed = serde_json::from_str(&text).ok()?;
    from_json(call, &parsed, parts).ok()
}

fn from_json(call: &Call<'_>, json: &serde_json::Value, parts: &[Datum]) -> Evaluated {
    call.evaluator.charge(1, call.span)?;
    Ok(match json {
        serde_json::Value::Null => Datum::null(call.span),
        serde_json::Value::Bool(value) => Datum::bool(*value, call.span),
        serde_json::Value::Number(number) => {
            let number =
                Number::from_str(&number.to_string()).map_err(|()| call.invalid("a number is out of range"))?;
            Datum::number(number, call.span)
        }
        serde_json::Value::String(text) if !parts.is_empty() => return filled(call, text, parts),
        serde_json::Value::String(text) => Datum::string(text.as_str(), call.span),
        serde_json::Value::Array(items) => {
            let items: Result<Vec<_>, Box<Fault>> = items.iter().map(|item| from_json(call, item, parts)).collect();
            Datum::tuple(items?, call.span)
        }
        serde_json::Value::Object(entries) => {
            if !parts.is_empty() && entries.keys().any(|key| key.contains(HOLE)) {
                return Err(call.invalid("a key is not known yet"));
            }
            let entries: Result<Entries, Box<Fault>> =
                entries.iter().map(|(key, value)| Ok((key.as_str().into(), from_json(call, value, parts)?))).collect();
            Datum::object(entries?, call.span)
        }
    })
}

/// A text with the parts that are not known yet in their places.
fn filled(call: &Call<'_>, text: &str, parts: &[Datum]) -> Evaluated {
    let mut pieces = Vec::new();
    for (position, piece) in text.split(HOLE).enumerate() {
        if position % 2 == 0 {
            if !piece.is_empty() {
                pieces.push(Datum::string(piece, call.span));
            }
            continue;
        }
        let part = piece.parse().ok().and_then(|position: usize| parts.get(position));
        pieces.push(part.cloned().ok_or_else(|| call.invalid("a part of the text is lost"))?);
    }
    match <[Datum; 1]>::try_from(pieces) {
        Ok([only]) => Ok(only),
        Err(pieces) => template::concatenate(call.evaluator, pieces, call.span),
    }
}

#[derive(Clone, Copy)]
enum Charset {
    Utf8,
    Utf16 {
        big: bool,
    },
    /// With a byte order mark, which decoding heeds.
    Utf16Marked,
    Latin1,
    Ascii,
    Other(&'static encoding_rs::Encoding),
}

/// An encoding by its name in the IANA registry.
fn charset(name: &str) -> Option<Charset> {
    Some(match name.to_ascii_uppercase().replace('_', "-").as_str() {
        "UTF-8" | "UTF8" => Charset::Utf8,
        "UTF-16LE" => Charset::Utf16 { big: false },
        "UTF-16BE" => Charset::Utf16 { big: true },
        "UTF-16" => Charset::Utf16Marked,
        "ISO-8859-1" | "LATIN1" => Charset::Latin1,
        "US-ASCII" | "ASCII" => Charset::Ascii,
        other => Charset::Other(encoding_rs::Encoding::for_label(other.as_bytes())?),
    })
}

fn text_encode(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let source = text(arguments, 0);
    let charset = charset(text(arguments, 1)).ok_or_else(|| call.invalid("there is no such encoding"))?;
    let narrow = |limit: u32| -> Result<Vec<u8>, Box<Fault>> {
        source
            .chars()
            .map(|c| u8::try_from(u32::from(c)).ok().filter(|byte| u32::from(*byte) < limit))
            .collect::<Option<Vec<u8>>>()
            .ok_or_else(|| call.invalid("a character does not exist in the encoding"))
    };
    let bytes = match charset {
        Charset::Utf8 => source.as_bytes().to_vec(),
        Charset::Utf16 { big: false } => source.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Charset::Utf16 { big: true } => source.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Charset::Utf16Marked => [0xfeff].into_iter().chain(source.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        Charset::Latin1 => narrow(256)?,
        Charset::Ascii => narrow(128)?,
        Charset::Other(encoding) => match encoding.encode(source) {
            (bytes, _, false) => bytes.into_owned(),
            _ => return Err(call.invalid("a character does not exist in the encoding")),
        },
    };
    call.text(STANDARD.encode(bytes))
}

fn text_decode(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let bytes = STANDARD.decode(text(arguments, 0)).map_err(|_| call.invalid("no valid Base64"))?;
    let charset = charset(text(arguments, 1)).ok_or_else(|| call.invalid("there is no such encoding"))?;
    let wrong = || call.invalid("the bytes are no text in the encoding");
    let decoded = match charset {
        Charset::Utf8 | Charset::Ascii => String::from_utf8(bytes).map_err(|_| wrong())?,
        Charset::Latin1 => bytes.into_iter().map(char::from).collect(),
        Charset::Other(encoding) => match encoding.decode_without_bom_handling_and_without_replacement(&bytes) {
            Some(decoded) => decoded.into_owned(),
            None => return Err(wrong()),
        },
        Charset::Utf16 { .. } | Charset::Utf16Marked if bytes.len() % 2 == 1 => return Err(wrong()),
        Charset::Utf16 { big } => utf16(&bytes, big),
        Charset::Utf16Marked => match bytes.as_slice() {
            [0xff, 0xfe, rest @ ..] => utf16(rest, false),
            [0xfe, 0xff, rest @ ..] | rest => utf16(rest, true),
        },
    };
    call.text(decoded)
}

fn utf16(bytes: &[u8], big: bool) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let unit = |pair: &[u8; 2]| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
    String::from_utf16_lossy(&pairs.iter().map(unit).collect::<Vec<_>>())
}

/// Form encoding: a blank is a plus sign.
fn url_encode(source: &str) -> String {
    let mut encoded = String::with_capacity(source.len());
    for byte in source.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
