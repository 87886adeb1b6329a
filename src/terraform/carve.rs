//! Finds where an expression ends that the parser will not read, so that it can be read apart from what it is nested in.

use super::scan::{Piece, Scanner};
use std::ops::Range;

/// The expression that starts at `offset`, or what is around it where it holds no others itself: the conditional, object,
/// list or call. In a string or heredoc, the one that holds it.
pub(crate) fn expression_at(text: &str, offset: usize) -> Option<Range<usize>> {
    let place = place_of(text, offset)?;
    let offset = place.offset;
    let range = end_of(text, offset, place.bracket)?;
    let rest = text.get(range.end..)?.trim_start();
    let is_key = place.bracket == Some(b'{') && place.starts == [offset] && rest.starts_with(['=', ':']);
    let holds_others = text.get(range.clone())?.contains(['(', '[', '{', '?']);
    if holds_others && !is_key {
        return Some(range);
    }
    // The conditional before the one whose branch this is starts where the parser still reads.
    match place.starts.iter().rev().find(|start| **start < offset) {
        Some(conditional) if !is_key => end_of(text, *conditional, place.bracket),
        _ => {
            let around = place_of(text, place.opened)?;
            let name = text
                .get(..place.opened)?
                .trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':'));
            end_of(text, name.len(), around.bracket)
        }
    }
}

fn end_of(text: &str, offset: usize, within: Option<u8>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let lines_end = !matches!(within, Some(b'(' | b'['));
    let (mut depth, mut conditionals) = (0_usize, 0_usize);
    let mut end = text.len();
    for (Range { start: at, .. }, piece) in Scanner::from(text, offset) {
        let byte = bytes.get(at)?;
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        // A call of a provider's function has colons too, by two.
        let is_pair = *byte == b':' && (bytes.get(at + 1) == Some(&b':') || (before == Some(&b':') && at > offset));
        if depth == 0 && at > offset {
            let ends = match byte {
                b',' | b')' | b']' | b'}' => true,
                b'\n' | b'#' => lines_end,
                b'.' => bytes.get(at..)?.starts_with(b"..."),
                b'=' => is_assignment(bytes, at),
                b':' => conditionals == 0 && !is_pair,
                b'i' => bytes.get(at..)?.starts_with(b"if ") && before.is_some_and(u8::is_ascii_whitespace),
                _ => false,
            };
            if ends {
                end = at;
                break;
            }
        }
        match piece {
            Piece::Code(b'(' | b'[' | b'{') => depth += 1,
            Piece::Code(b')' | b']' | b'}') => depth = depth.checked_sub(1)?,
            Piece::Code(b':') if depth == 0 && !is_pair => conditionals = conditionals.saturating_sub(1),
            Piece::Code(b'?') if depth == 0 => conditionals += 1,
            _ => {}
        }
    }
    let length = text.get(offset..end)?.trim_ascii_end().len();
    (length > 0).then_some(offset..offset + length)
}

/// Where in the code an offset is.
#[derive(Clone, Default)]
struct Place {
    /// The offset, or where the string starts that it is in.
    offset: usize,
    /// The innermost open bracket.
    bracket: Option<u8>,
    opened: usize,
    /// Where the expression in it starts, and then each branch of a conditional before the offset.
    starts: Vec<usize>,
}

/// `None` in a comment.
fn place_of(text: &str, offset: usize) -> Option<Place> {
    let bytes = text.as_bytes();
    let mut open = vec![Place::default()];
    for (range, piece) in Scanner::of(text).take_while(|(range, _)| range.start < offset) {
        let byte = match piece {
            Piece::Code(byte) => byte,
            Piece::Comment if range.end > offset => return None,
            Piece::Text if range.end > offset => return open.pop().map(|place| Place { offset: range.start, ..place }),
            Piece::Comment | Piece::Text => continue,
        };
        let (at, rest) = (range.start, bytes.get(range.end..)?);
        let next = range.end + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let depth = open.len();
        let innermost = open.last_mut()?;
        match byte {
            b'(' | b'[' | b'{' => open.push(Place { offset, bracket: Some(byte), opened: at, starts: vec![next] }),
            b')' | b']' | b'}' if depth > 1 => _ = open.pop(),
            b',' => innermost.starts = vec![next],
            b'=' if is_assignment(bytes, at) => innermost.starts = vec![next],
            b'\n' if !matches!(innermost.bracket, Some(b'(' | b'[')) => innermost.starts = vec![next],
            b'?' | b':' => innermost.starts.push(next),
            _ => {}
        }
    }
    open.pop().map(|place| Place { offset, ..place })
}

/// Whether the sign at `at` is neither a comparison nor part of one.
fn is_assignment(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    bytes.get(at + 1) != Some(&b'=') && !matches!(before, Some(b'=' | b'!' | b'<' | b'>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expression at the first `q`.
    fn found(text: &str) -> Option<String> {
        let offset = text.find('q').unwrap();
        expression_at(text, offset).map(|range| text[range].to_owned())
    }

    #[test]
    fn ends_with_the_expression() {
        assert_eq!(found("v = q ? 1 : \"a:\" == b ? {\n} : 2 # no\nw = 1").unwrap(), "q ? 1 : \"a:\" == b ? {\n} : 2");
        assert_eq!(found("v = a ? q ? 1 : 2 : 3").unwrap(), "q ? 1 : 2");
        assert_eq!(found("v = [\nq[0]\n+ 1\n, 2]").unwrap(), "q[0]\n+ 1");
        assert_eq!(found("v = [{ q = 1 }, 2]").unwrap(), "{ q = 1 }");
        assert_eq!(found("v = { a : 1, q : 1 }").unwrap(), "{ a : 1, q : 1 }");
        assert_eq!(found("v = [for x in y : q[0] >= 1 if x]").unwrap(), "q[0] >= 1");
        assert_eq!(found("v = f(q[0]...)").unwrap(), "q[0]");
        assert_eq!(found("v = [\"${q}\"]").unwrap(), "\"${q}\"");
        assert_eq!(found("v = 1 # q"), None);
    }

    #[test]
    fn what_holds_no_others_is_read_with_what_is_around_it() {
        assert_eq!(found("v = (a ? 1 : b ?\n q : 2, 3)").unwrap(), "b ?\n q : 2");
        assert_eq!(found("v = [1, [0,\nq]]").unwrap(), "[0,\nq]");
        assert_eq!(found("v = 1 + p::f(q)").unwrap(), "p::f(q)");
    }
}
