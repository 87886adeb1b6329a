//! What Terraform accepts and the HCL parser does not: mended in the text, byte for byte, so that spans stay true.

use super::carve;
use super::scan::{Piece, Scanner, string_end};
use crate::value::Number;
use hcl_edit::parser::Error;
use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr as _;

/// What was overwritten, start offset to original text.
#[derive(Debug, Default)]
pub(crate) struct Repaired {
    /// Keys, because Terraform allows an object to repeat them.
    keys: BTreeMap<usize, String>,
    /// Expressions that are nested too deeply, in parentheses.
    expressions: BTreeMap<usize, String>,
}

impl Repaired {
    pub(crate) fn original_key(&self, start: usize) -> Option<&str> {
        self.keys.get(&start).map(String::as_str)
    }

    pub(crate) fn original_expression(&self, start: usize) -> Option<&str> {
        self.expressions.get(&start).map(String::as_str)
    }
}

pub(crate) struct Parsed<T> {
    pub(crate) tree: T,
    pub(crate) repaired: Repaired,
}

pub(crate) struct SyntaxError {
    pub(crate) message: String,
    pub(crate) offset: usize,
}

/// Each repair mends one place; a text that needs more is given up.
const MOST_REPAIRS: usize = 64;

/// How many expressions of a text are read apart from what they are nested in, each as deep as the parser goes.
const MOST_CARVED: usize = 16;

/// How deep such expressions lie in one another.
const DEEPEST_CARVED: usize = 4;

/// Each of them costs another parse of the text; longer ones are left alone.
const LONGEST_CARVED: usize = 1 << 20;

/// Parses by `parse`, which is given the text as often as something in it can be mended.
pub(crate) fn parse_repaired<T>(text: &str, parse: fn(&str) -> Result<T, Error>) -> Result<Parsed<T>, SyntaxError> {
    let mut carves = if text.len() > LONGEST_CARVED { 0 } else { MOST_CARVED };
    parse_carved(text, parse, 0, &mut carves)
}

fn parse_carved<T>(
    text: &str,
    parse: fn(&str) -> Result<T, Error>,
    depth: usize,
    carves: &mut usize,
) -> Result<Parsed<T>, SyntaxError> {
    let mut repaired = Repaired::default();
    let mut mended: Option<String> = text.strip_prefix('\u{feff}').map(|rest| format!("   {rest}"));
    let mut joined = false;
    for attempt in 0..MOST_REPAIRS {
        let current = mended.as_deref().unwrap_or(text);
        let error = match parse(current) {
            Ok(tree) => return Ok(Parsed { tree, repaired }),
            Err(error) => error,
        };
        let offset = error.location().offset();
        let next = if error.message().contains("redefined object key") {
            rename_key(current, offset, attempt, &mut repaired)
        } else if error.message().contains("nesting depth") && depth < DEEPEST_CARVED && *carves > 0 {
            *carves -= 1;
            let Some(range) = carve::expression_at(current, offset) else { return Err(syntax_error(&error)) };
            // In parentheses line breaks are the white space that they are in what surrounds it.
            let enclosed = format!("({})", text.get(range.clone()).unwrap_or_default());
            parse_carved(&enclosed, hcl_edit::parser::parse_expr, depth + 1, carves)
                .map_err(|error| SyntaxError { offset: range.start + error.offset.saturating_sub(1), ..error })?;
            repaired.expressions.insert(range.start, enclosed);
            blanked(current, range)
        } else if let Some(shortened) = shorten_number_from(current, offset) {
            Some(shortened)
        } else if joined {
            None
        } else {
            joined = true;
            join_object_for_lines(current)
        };
        match next {
            Some(next) => mended = Some(next),
            None => return Err(syntax_error(&error)),
        }
    }
    Err(SyntaxError { message: "too much of it would have to be mended".to_owned(), offset: 0 })
}

fn syntax_error(error: &Error) -> SyntaxError {
    let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
    SyntaxError { message, offset: error.location().offset() }
}

/// Overwrites an expression by a name of one letter.
fn blanked(text: &str, range: Range<usize>) -> Option<String> {
    let blanks = range.len().checked_sub(1).filter(|blanks| *blanks > 0)?;
    let mut mended = text.to_owned();
    mended.replace_range(range, &format!("q{}", " ".repeat(blanks)));
    Some(mended)
}

/// Overwrites the key at `offset` by a placeholder of the same length that no other key has.
fn rename_key(text: &str, offset: usize, attempt: usize, repaired: &mut Repaired) -> Option<String> {
    let length = key_length(text.get(offset..)?)?;
    let original = text.get(offset..offset + length)?;
    let placeholder = placeholder(length, attempt)?;
    let mut mended = text.to_owned();
    mended.replace_range(offset..offset + length, &placeholder);
    repaired.keys.entry(offset).or_insert_with(|| original.to_owned());
    Some(mended)
}

/// Letters unlikely in real keys, counted through; a one-letter key has few alternatives.
fn placeholder(length: usize, attempt: usize) -> Option<String> {
    const LETTERS: &[u8] = b"qxzjkvwyQXZJKVWY_";
    let mut left = attempt;
    let mut name = String::new();
    for _ in 0..length {
        name.push(char::from(*LETTERS.get(left % LETTERS.len())?));
        left /= LETTERS.len();
    }
    Some(name)
}

fn key_length(text: &str) -> Option<usize> {
    match text.as_bytes().first()? {
        b'"' => string_end(text.as_bytes(), 0).ok(),
        b'(' => {
            let mut depth = 0_usize;
            let mut at = 0;
            let bytes = text.as_bytes();
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'"' => {
                        at = string_end(bytes, at).ok()?;
                        continue;
                    }
                    b'(' => depth += 1,
                    b')' => {
                        depth -= 1;
                        if depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                at += 1;
            }
            None
        }
        _ => {
            let length =
                text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(text.len());
            (length > 0).then_some(length)
        }
    }
}

/// Within `{ for ... }` a line break is white space to Terraform. Replaces those breaks by spaces.
fn join_object_for_lines(text: &str) -> Option<String> {
    let mut mended = text.as_bytes().to_vec();
    // Open brackets; true where a line break is white space because the innermost bracket is `{ for`.
    let mut open: Vec<bool> = Vec::new();
    let mut changed = false;
    for (range, piece) in Scanner::of(text) {
        let joins = open.last() == Some(&true);
        match piece {
            // On a joined line, a comment of one line would hide what follows.
            Piece::Comment if joins => mended.get_mut(range)?.fill(b' '),
            Piece::Code(b'{') => open.push(text.get(range.end..)?.trim_start().starts_with("for ")),
            Piece::Code(b'[' | b'(') => open.push(false),
            Piece::Code(b'}' | b']' | b')') => _ = open.pop(),
            Piece::Code(b'\n' | b'\r') if joins => {
                mended.get_mut(range)?.fill(b' ');
                changed = true;
            }
            _ => {}
        }
    }
    if changed { String::from_utf8(mended).ok() } else { None }
}

/// Digits of the largest whole number that a double holds.
const LONGEST_OF_DOUBLE: usize = 309;

/// The parser tells of such a number where it is, or of what it stands in.
fn shorten_number_from(text: &str, offset: usize) -> Option<String> {
    if let Some(shortened) = shorten_number(text, offset) {
        return Some(shortened);
    }
    let mut counted = offset;
    for (Range { start, .. }, piece) in Scanner::from(text, offset) {
        if start < counted || !matches!(piece, Piece::Code(b'0'..=b'9')) {
            continue;
        }
        let length = text.as_bytes().get(start..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        counted = start + length;
        if length >= LONGEST_OF_DOUBLE
            && let Some(shortened) = shorten_number(text, start)
        {
            return Some(shortened);
        }
    }
    None
}

/// Overwrites by zeros the number around `at` that Terraform can hold and a double, which the parser keeps, cannot. The
/// lowering reads numbers from the text as it was written.
fn shorten_number(text: &str, at: usize) -> Option<String> {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'.';
    let before = bytes.get(..at)?.iter().rev().take_while(|byte| is_part(byte)).count();
    let start = at - before;
    let mut end = start;
    while let Some(byte) = bytes.get(end) {
        let is_sign = matches!(byte, b'+' | b'-') && end > start && matches!(bytes.get(end - 1), Some(b'e' | b'E'));
        if !is_part(byte) && !is_sign {
            break;
        }
        end += 1;
    }
    let written = text.get(start..end)?;
    if !written.starts_with(|c: char| c.is_ascii_digit()) || !written.parse::<f64>().is_ok_and(f64::is_infinite) {
        return None;
    }
    Number::from_str(written).ok()?;
    let zeros: String = written.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let mut mended = text.to_owned();
    mended.replace_range(start..end, &zeros);
    Some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_beyond_doubles_are_shortened() {
        let text = "v = [1e309]";
        assert_eq!(shorten_number(text, 5).as_deref(), Some("v = [0e000]"));
        assert_eq!(shorten_number(text, 6).as_deref(), Some("v = [0e000]"));
        for other in ["v = [1e308]", "v = [1e5000]", "v = [x1e309]", "v = [1e309x]"] {
            assert_eq!(shorten_number(other, 5), None, "{other}");
        }
    }
}
