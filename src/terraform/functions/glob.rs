//! Patterns of `fileset`, as Terraform's library reads them.

use regex::Regex;
use std::iter::Peekable;
use std::str::Chars;

/// A pattern over paths: where no file below a directory can match it is not walked.
pub(super) struct Glob {
    /// The directory in which all that matches lies; empty for the one that paths begin in.
    pub(super) directory: String,
    /// What the rest of a path must be; none where the directory is the whole path.
    pub(super) rest: Option<Regex>,
}

impl Glob {
    /// `None` where Terraform refuses the pattern, which is a cleaned path.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let segments: Vec<&str> = pattern.split('/').collect();
        let plain = segments.iter().take_while(|segment| !segment.contains(['*', '?', '[', '{', '\\'])).count();
        let (directory, matched) = segments.split_at(plain);
        let mut written = String::new();
        for (position, segment) in matched.iter().enumerate() {
            let last = position + 1 == matched.len();
            match (*segment, last) {
                ("**", true) => written.push_str(".+"),
                ("**", false) => written.push_str("(?:[^/]+/)*"),
                (segment, _) => {
                    write_segment(segment, &mut written)?;
                    written.push_str(if last { "" } else { "/" });
                }
            }
        }
        let rest = if matched.is_empty() { None } else { Some(Regex::new(&format!("^(?s:{written})$")).ok()?) };
        Some(Self { directory: directory.join("/"), rest })
    }
}

fn literal(c: char, written: &mut String) {
    written.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
}

fn write_segment(segment: &str, written: &mut String) -> Option<()> {
    let mut rest = segment;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..)?;
        match c {
            '*' => written.push_str("[^/]*"),
            '?' => written.push_str("[^/]"),
            '\\' => {
                let escaped = rest.chars().next()?;
                rest = rest.get(escaped.len_utf8()..)?;
                literal(escaped, written);
            }
            '[' => {
                let end = closing(rest, ']')?;
                write_class(rest.get(..end)?, written)?;
                rest = rest.get(end + 1..)?;
            }
            '{' => {
                let end = closing(rest, '}')?;
                written.push_str("(?:");
                for (position, choice) in rest.get(..end)?.split(',').enumerate() {
                    written.push_str(if position > 0 { "|" } else { "" });
                    write_segment(choice, written)?;
                }
                written.push(')');
                rest = rest.get(end + 1..)?;
            }
            c => literal(c, written),
        }
    }
    Some(())
}

/// The position of what closes, which a backslash takes its meaning.
fn closing(text: &str, closing: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let found = c == closing && !escaped;
        escaped = c == '\\' && !escaped;
        found.then_some(at)
    })
}

/// Single characters and ranges; only `^` negates, and a range that ends before it begins holds nothing.
fn write_class(class: &str, written: &mut String) -> Option<()> {
    let negated = class.strip_prefix('^');
    let mut chars = negated.unwrap_or(class).chars().peekable();
    chars.peek()?;
    let mut ranges = String::new();
    while chars.peek().is_some() {
        let first = bound(&mut chars)?;
        let last = if chars.next_if_eq(&'-').is_some() { bound(&mut chars)? } else { first };
        if first <= last {
            literal(first, &mut ranges);
            ranges.push('-');
            literal(last, &mut ranges);
        }
    }
    written.push_str(&match negated {
        Some(_) => format!("[^/{ranges}]"),
        None if ranges.is_empty() => NOTHING.to_owned(),
        None => format!("[{ranges}]"),
    });
    Some(())
}

/// Matches no character.
const NOTHING: &str = r"[^\x{0}-\x{10FFFF}]";

fn bound(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' => None,
        '\\' => chars.next(),
        c => Some(c),
    }
}
