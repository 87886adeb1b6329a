//! Cuts a broken file into its top-level blocks and attributes, so that only those are lost that hold an error.

use super::ast::top_level_labels;
use super::scan::{Piece, Scanner};
use std::ops::Range;

/// A line that looks like the start of a block or attribute and stands at the margin.
struct Start {
    offset: usize,
    /// How many brackets are open before it.
    depth: usize,
}

/// Cuts where no bracket is open.
pub(crate) fn balanced(text: &str) -> Vec<Range<usize>> {
    let starts = starts(text).into_iter().filter(|start| start.depth == 0);
    ranges(text, starts.map(|start| start.offset))
}

/// Cuts a text whose brackets may be wrong: before what can only be the header of a top-level block, or in a file of
/// variables before every attribute.
pub(crate) fn unbalanced(text: &str) -> Vec<Range<usize>> {
    let starts = starts(text);
    let line = |start: &Start| text.get(start.offset..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let holds_blocks = starts.first().is_some_and(|start| !is_attribute(line(start)));
    let cut = starts.iter().skip(1).filter(|start| if holds_blocks { is_header(line(start)) } else { true });
    ranges(text, cut.map(|start| start.offset))
}

fn ranges(text: &str, starts: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let starts: Vec<usize> = std::iter::once(0).chain(starts.filter(|start| *start > 0)).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

fn starts(text: &str) -> Vec<Start> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut line_starts = true;
    for (Range { start: offset, .. }, piece) in Scanner::of(text) {
        if line_starts && text.get(offset..).and_then(|rest| rest.lines().next()).is_some_and(starts_item) {
            found.push(Start { offset, depth });
        }
        line_starts = piece == Piece::Code(b'\n');
        match piece {
            Piece::Code(b'{' | b'[' | b'(') => depth += 1,
            Piece::Code(b'}' | b']' | b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

fn split(line: &str) -> (&str, &str) {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    (word, rest.trim())
}

fn starts_item(line: &str) -> bool {
    let (word, rest) = split(line);
    let named = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    named && (is_attribute(line) || rest.starts_with('"') && rest.contains('{') || rest.starts_with('{'))
}

fn is_attribute(line: &str) -> bool {
    let (_, rest) = split(line);
    rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>")
}

fn is_header(line: &str) -> bool {
    let (kind, rest) = split(line);
    let labels = rest.split_once('{').map(|(labels, _)| labels.split_whitespace().count());
    labels.is_some() && labels == top_level_labels(kind)
}
