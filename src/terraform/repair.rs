//! What Terraform accepts and the HCL parser does not: mended in the text, byte for byte, so that spans stay true.

use hcl_edit::structure::Body;
use std::collections::BTreeMap;
use std::ops::Range;

/// Object keys that were overwritten because Terraform allows an object to repeat a key: start offset to original text.
#[derive(Debug, Default)]
pub(crate) struct Repaired {
    keys: BTreeMap<usize, String>,
}

impl Repaired {
    pub(crate) fn original_key(&self, start: usize) -> Option<&str> {
        self.keys.get(&start).map(String::as_str)
    }
}

pub(crate) struct Parsed {
    pub(crate) body: Body,
    pub(crate) repaired: Repaired,
}

pub(crate) struct SyntaxError {
    pub(crate) message: String,
    pub(crate) offset: usize,
}

/// Each repair mends one place; a text that needs more is given up.
const MOST_REPAIRS: usize = 64;

pub(crate) fn parse_repaired(text: &str) -> Result<Parsed, SyntaxError> {
    let mut repaired = Repaired::default();
    let mut mended: Option<String> = text.strip_prefix('\u{feff}').map(|rest| format!("   {rest}"));
    let mut joined = false;
    for attempt in 0..MOST_REPAIRS {
        let current = mended.as_deref().unwrap_or(text);
        let error = match hcl_edit::parser::parse_body(current) {
            Ok(body) => return Ok(Parsed { body, repaired }),
            Err(error) => error,
        };
        let offset = error.location().offset();
        let next = if error.message().contains("redefined object key") {
            rename_key(current, offset, attempt, &mut repaired)
        } else if joined {
            None
        } else {
            joined = true;
            join_object_for_lines(current)
        };
        match next {
            Some(next) => mended = Some(next),
            None => return Err(SyntaxError { message: one_line(error.message()), offset }),
        }
    }
    Err(SyntaxError { message: "an object repeats too many of its keys".to_owned(), offset: 0 })
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
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
        b'"' => skip_string(text.as_bytes(), 0),
        b'(' => {
            let mut depth = 0_usize;
            let mut at = 0;
            let bytes = text.as_bytes();
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'"' => {
                        at = skip_string(bytes, at)?;
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

/// The offset behind the quoted string that starts at `start`, interpolations with their own strings included.
fn skip_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    let mut interpolations: Vec<usize> = Vec::new();
    loop {
        let byte = *bytes.get(at)?;
        match (byte, interpolations.last_mut()) {
            (b'\\', _) => at += 1,
            (b'"', None) => return Some(at + 1),
            (b'"', Some(_)) => {
                if interpolations.len() > 64 {
                    return None;
                }
                at = skip_string(bytes, at)?;
                continue;
            }
            (b'$' | b'%', None) if bytes.get(at + 1) == Some(&b'{') => {
                interpolations.push(0);
                at += 1;
            }
            (b'{', Some(depth)) => *depth += 1,
            (b'}', Some(0)) => {
                interpolations.pop();
            }
            (b'}', Some(depth)) => *depth -= 1,
            _ => {}
        }
        at += 1;
    }
}

/// Within `{ for ... }` a line break is white space to Terraform. Replaces those breaks by spaces.
fn join_object_for_lines(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut mended = bytes.to_vec();
    // Open brackets; true where a line break is white space because the innermost bracket is `{ for`.
    let mut open: Vec<bool> = Vec::new();
    let mut changed = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = skip_string(bytes, at)?;
                continue;
            }
            b'#' => {
                let end = line_end(bytes, at);
                if open.last() == Some(&true) {
                    mended.get_mut(at..end)?.fill(b' ');
                }
                at = end;
                continue;
            }
            b'{' => open.push(text.get(at + 1..)?.trim_start().starts_with("for ")),
            b'[' | b'(' => open.push(false),
            b'}' | b']' | b')' => {
                open.pop();
            }
            b'\n' | b'\r' if open.last() == Some(&true) => {
                *mended.get_mut(at)? = b' ';
                changed = true;
            }
            _ => {}
        }
        at += 1;
    }
    if changed { String::from_utf8(mended).ok() } else { None }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\n'))
        .map_or(bytes.len(), |length| at + length)
}

/// Cuts a broken file where a line looks like the start of a top-level block or attribute, heredocs left whole.
pub(crate) fn top_level_pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut heredoc: Option<String> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some(end) = &heredoc {
            if line.trim() == end {
                heredoc = None;
            }
        } else {
            if offset > 0 && starts_item(line) {
                starts.push(offset);
            }
            heredoc = heredoc_start(line);
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

fn starts_item(line: &str) -> bool {
    let word_end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(0);
    let (word, rest) = line.split_at(word_end);
    let rest = rest.trim();
    let starts = word.starts_with(|c: char| c.is_ascii_lowercase());
    starts && (rest.starts_with('=') || rest.starts_with('"') && rest.contains('{') || rest.starts_with('{'))
}

fn heredoc_start(line: &str) -> Option<String> {
    let (_, after) = line.split_once("<<")?;
    let name = after.trim_start_matches('-').trim_end();
    let valid = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    valid.then(|| name.to_owned())
}
