//! YAML in Terraform's layout.

use crate::terraform::datum::{Datum, Kind};

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
                let simple = write_key(key, depth, text);
                match &item.kind {
                    // Behind a key that takes a line of its own a collection begins in the same line.
                    _ if !simple => {
                        text.push(' ');
                        write(item, depth + 1, true, text);
                    }
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
    if !text.ends_with(is_break) {
        text.push('\n');
    }
}

/// Longer keys, in bytes, take a line of their own.
const LONGEST_KEY: usize = 128;

/// Whether the key stands in one line with its value.
fn write_key(key: &str, depth: usize, text: &mut String) -> bool {
    let simple = key.len() <= LONGEST_KEY && !key.contains(is_break);
    if simple {
        text.push_str(&quoted(key));
    } else {
        text.push_str("? ");
        write_text(key, depth + 1, text);
        end_line(text);
        text.push_str(&"  ".repeat(depth));
    }
    text.push(':');
    simple
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The emitter takes a tab, and what is beyond the first plane, for characters that cannot be written.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Texts of several lines are literal blocks, but where blanks at the end of a line would not be seen.
fn write_text(source: &str, depth: usize, text: &mut String) {
    let blank_ends = source.ends_with(' ') || source.split(is_break).rev().skip(1).any(|line| line.ends_with(' '));
    if !source.contains('\n') || blank_ends || !source.chars().all(is_printable) {
        text.push_str(&quoted(source));
        return;
    }
    text.push('|');
    if source.starts_with(' ') || source.starts_with(is_break) {
        text.push('2');
    }
    let mut ends = source.chars().rev().map(is_break);
    match (ends.next(), ends.next()) {
        (Some(true), Some(false)) => {}
        (Some(true), _) => text.push('+'),
        _ => text.push('-'),
    }
    text.push('\n');
    let pad = "  ".repeat(depth);
    let mut starts = true;
    for c in source.chars() {
        if starts && !is_break(c) {
            text.push_str(&pad);
        }
        text.push(c);
        starts = is_break(c);
    }
    end_line(text);
}

fn quoted(source: &str) -> String {
    // A byte order mark at the start makes the emitter take every character for one.
    let marked = source.starts_with('\u{feff}');
    let mut quoted = String::from("\"");
    for c in source.chars() {
        let escape = match c {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            '\u{a0}' if marked => "\\_",
            c if !marked && is_printable(c) => {
                quoted.push(c);
                continue;
            }
            c => {
                let code = u32::from(c);
                quoted.push_str(&match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                });
                continue;
            }
        };
        quoted.push_str(escape);
    }
    quoted.push('"');
    quoted
}
