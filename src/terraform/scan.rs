//! Which bytes of a text are code, and where comments, quoted strings and heredocs stand. Works on text that cannot be parsed.

use std::ops::Range;

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// One byte of code.
    Code(u8),
    Comment,
    /// A quoted string or a heredoc.
    Text,
}

/// Bytes that may be searched in vain for the ends of strings and heredocs, for each byte of the text: in a text of many
/// starts without an end they would be searched from each of them.
const MOST_IN_VAIN: usize = 16;

/// The pieces of a text from some offset on. A comment of one line and a heredoc end before the line break.
pub(crate) struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    in_vain: usize,
}

impl<'t> Scanner<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self::from(text, 0)
    }

    pub(crate) fn from(text: &'t str, at: usize) -> Self {
        Self { bytes: text.as_bytes(), at, in_vain: text.len().saturating_mul(MOST_IN_VAIN) }
    }

    /// What starts at an offset and is no code, and the offset behind it.
    fn skipped(&mut self, at: usize) -> Option<(Piece, usize)> {
        let bytes = self.bytes;
        match bytes.get(at..)? {
            [b'#', ..] | [b'/', b'/', ..] => Some((Piece::Comment, line_end(bytes, at))),
            [b'/', b'*', inside @ ..] => {
                let length = inside.windows(2).position(|pair| pair == b"*/").map(|length| length + 4);
                Some((Piece::Comment, length.map_or(bytes.len(), |length| at + length)))
            }
            // Without its end it is broken code, which goes no further than its line.
            [b'"', ..] => {
                let end = self.searched(at, |bytes| string_end(bytes, at));
                Some((Piece::Text, end.unwrap_or_else(|| line_end(bytes, at))))
            }
            [b'<', b'<', ..] => self.searched(at, |bytes| heredoc_end(bytes, at)).map(|end| (Piece::Text, end)),
            _ => None,
        }
    }

    /// The end that `search` finds, as long as not too much was searched in vain.
    fn searched(&mut self, at: usize, search: impl Fn(&[u8]) -> Result<usize, usize>) -> Option<usize> {
        if self.in_vain == 0 {
            return None;
        }
        match search(self.bytes) {
            Ok(end) => Some(end),
            Err(given_up) => {
                self.in_vain = self.in_vain.saturating_sub(given_up - at);
                None
            }
        }
    }
}

impl Iterator for Scanner<'_> {
    type Item = (Range<usize>, Piece);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let byte = *self.bytes.get(start)?;
        let (piece, end) = self.skipped(start).unwrap_or((Piece::Code(byte), start + 1));
        self.at = end;
        Some((start..end, piece))
    }
}

/// Those of the offsets, which ascend, that are in no comment.
pub(crate) fn outside_comments(text: &str, offsets: &[usize]) -> Vec<usize> {
    let comments = Scanner::of(text).filter(|(_, piece)| *piece == Piece::Comment);
    let comments: Vec<Range<usize>> = comments.map(|(range, _)| range).collect();
    let inside = |offset: usize| {
        let next = comments.partition_point(|comment| comment.end <= offset);
        comments.get(next).is_some_and(|comment| comment.contains(&offset))
    };
    offsets.iter().copied().filter(|offset| !inside(*offset)).collect()
}

/// Where the line of `at` ends, its line break not included.
fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\n'))
        .map_or(bytes.len(), |length| at + length)
}

/// The offset behind the quoted string that starts at `start`, interpolations with their own strings included. The error is
/// the offset at which it is sure to have no end.
pub(crate) fn string_end(bytes: &[u8], start: usize) -> Result<usize, usize> {
    /// What is open, the innermost last.
    enum Open {
        String,
        /// With so many braces of its own.
        Interpolation(usize),
    }
    let mut open = vec![Open::String];
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at).copied() {
        match (byte, open.last_mut()) {
            (b'\n', Some(Open::String)) => return Err(at),
            (b'\\', _) => at += 1,
            (b'"', Some(Open::String)) => {
                open.pop();
                if open.is_empty() {
                    return Ok(at + 1);
                }
            }
            (b'"', _) => open.push(Open::String),
            (b'$' | b'%', Some(Open::String)) if bytes.get(at + 1) == Some(&b'{') => {
                // Doubled, the mark stands for itself.
                if bytes.get(at - 1) != Some(&byte) {
                    open.push(Open::Interpolation(0));
                }
                at += 1;
            }
            (b'{', Some(Open::Interpolation(braces))) => *braces += 1,
            (b'}', Some(Open::Interpolation(0))) => _ = open.pop(),
            (b'}', Some(Open::Interpolation(braces))) => *braces -= 1,
            _ => {}
        }
        at += 1;
    }
    Err(bytes.len())
}

/// Where the heredoc that starts at `at` ends. The error is the offset at which it is sure to be none.
fn heredoc_end(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let opening = line_end(bytes, at);
    let name = bytes.get(at + 2..opening).unwrap_or_default();
    let name = name.strip_prefix(b"-").unwrap_or(name).trim_ascii();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || matches!(byte, b'_' | b'-');
    if name.is_empty() || !name.iter().all(is_name) {
        return Err(opening);
    }
    let mut start = opening + 1;
    while start < bytes.len() {
        let end = line_end(bytes, start);
        if bytes.get(start..end).is_some_and(|line| line.trim_ascii() == name) {
            return Ok(end);
        }
        start = end + 1;
    }
    Err(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_where_the_language_ends_it() {
        let first = |text: &str| {
            let (range, piece) = Scanner::of(text).next().unwrap();
            (piece, text[range.end..].to_owned())
        };
        let to = |piece: Piece, rest: &str| (piece, rest.to_owned());
        assert_eq!(first("# a \"b\nc"), to(Piece::Comment, "\nc"));
        assert_eq!(first("// <<EOF\nc"), to(Piece::Comment, "\nc"));
        assert_eq!(first("/* a\n*/ b"), to(Piece::Comment, " b"));
        assert_eq!(first("/*/ b"), to(Piece::Comment, ""));
        assert_eq!(first("\"a${f(\"}\")}\\\"\" b"), to(Piece::Text, " b"));
        assert_eq!(first("\"a$${b\" c"), to(Piece::Text, " c"));
        assert_eq!(first("\"a\nb\""), to(Piece::Text, "\nb\""));
        assert_eq!(first("<<-EOT\n a\n  EOT\nb"), to(Piece::Text, "\nb"));
        assert_eq!(first("<<EOT\n a\nb"), to(Piece::Code(b'<'), "<EOT\n a\nb"));
        assert_eq!(first("a"), to(Piece::Code(b'a'), ""));
    }
}
