//! The literals of templates: what strip markers and `<<-` take away from them.
//! Facts: <https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser_template.go>, where each line outside quotes is a literal
//! of its own, a marker strips the one literal beside it, and only then the indentation is taken away.

use super::ast::Part;
use super::functions::normalized;
use std::sync::Arc;

/// How a template is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// Between quotes; one literal may hold several lines.
    Quoted,
    /// Within a directive between quotes, escapes not yet read.
    Escaped,
    /// In a heredoc or a file.
    Lines,
    /// In a heredoc whose indentation is taken away.
    Flush,
}

/// Collects the parts of a template and applies strip markers to the literals beside them.
pub(crate) struct Literals {
    pub(crate) parts: Vec<Part>,
    pub(crate) quoting: Quoting,
    strip_next: bool,
}

impl Literals {
    pub(crate) fn new(quoting: Quoting, strip_next: bool) -> Self {
        Self { parts: Vec::new(), quoting, strip_next }
    }

    pub(crate) fn literal(&mut self, text: &str) {
        match self.quoting {
            Quoting::Quoted => self.one(text),
            Quoting::Escaped => self.one(&unescape(text)),
            Quoting::Lines | Quoting::Flush => text.split_inclusive('\n').for_each(|line| self.one(line)),
        }
    }

    fn one(&mut self, text: &str) {
        let text = if std::mem::take(&mut self.strip_next) { text.trim_start() } else { text };
        self.parts.push(Part::Literal(normalized(text)));
    }

    pub(crate) fn before(&mut self, strips: bool) {
        if strips && let Some(Part::Literal(text)) = self.parts.last_mut() {
            *text = text.trim_end().into();
        }
    }

    pub(crate) fn push(&mut self, part: Part, strips_after: bool) {
        self.parts.push(part);
        self.strip_next = strips_after;
    }
}

/// A literal, or anything else that a template is made of.
enum Token<'t> {
    Literal(&'t mut Arc<str>),
    Other,
}

fn tokens<'t>(parts: &'t mut [Part], found: &mut Vec<Token<'t>>) {
    for part in parts {
        match part {
            Part::Literal(text) => found.push(Token::Literal(text)),
            Part::Interpolation(_) => found.push(Token::Other),
            Part::If { yes, no, .. } => {
                for inner in [yes, no] {
                    found.push(Token::Other);
                    tokens(inner, found);
                }
                found.push(Token::Other);
            }
            Part::For { body, .. } => {
                found.push(Token::Other);
                tokens(body, found);
                found.push(Token::Other);
            }
        }
    }
}

/// Takes away the indentation that all lines have, blank ones not counted. What begins a line without a literal has none.
pub(crate) fn flush(parts: &mut [Part]) {
    let mut all = Vec::new();
    tokens(parts, &mut all);
    let mut least = usize::MAX;
    let mut begins_line = true;
    let mut indented = Vec::new();
    for token in all {
        let Token::Literal(text) = token else {
            least = if begins_line { 0 } else { least };
            begins_line = false;
            continue;
        };
        let ends_line = text.ends_with('\n');
        if begins_line && !(ends_line && text.trim().is_empty()) {
            least = least.min(text.chars().take_while(|c| c.is_whitespace()).count());
            indented.push(text);
        }
        begins_line = ends_line;
    }
    for text in indented {
        let start = text.char_indices().nth(least).map_or(text.len(), |(at, _)| at);
        *text = text.get(start..).unwrap_or_default().into();
    }
}

/// Joins literals that follow one another. An empty one stays: beside it an interpolation gives text.
pub(crate) fn meld(parts: Vec<Part>) -> Vec<Part> {
    let mut melded: Vec<Part> = Vec::new();
    let mut text: Option<String> = None;
    for part in parts {
        let part = match part {
            Part::Literal(more) => {
                text.get_or_insert_default().push_str(&more);
                continue;
            }
            Part::If { condition, yes, no } => Part::If { condition, yes: meld(yes), no: meld(no) },
            Part::For { key, value, collection, body } => Part::For { key, value, collection, body: meld(body) },
            Part::Interpolation(_) => part,
        };
        melded.extend(text.take().map(|text| Part::Literal(text.into())));
        melded.push(part);
    }
    melded.extend(text.map(|text| Part::Literal(text.into())));
    melded
}

/// The escapes of a heredoc.
pub(crate) fn unescape_heredoc(text: &str) -> String {
    text.replace("$${", "${").replace("%%{", "%{")
}

/// The escapes of a quoted template.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let digits = |chars: &mut std::str::Chars<'_>, count| {
            let code: String = chars.take(count).collect();
            u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)
        };
        match chars.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some('u') => plain.extend(digits(&mut chars, 4)),
            Some('U') => plain.extend(digits(&mut chars, 8)),
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}
