//! Strict JSON to the same tree as YAML, with spans. Depth is bounded; an error keeps what stands before it.

use super::tree::{Entry, Node, Shape, Tree, map_node};
use crate::diagnostic::Problem;
use crate::source::{FileId, Span};
use crate::value::Number;
use std::str::FromStr;
use std::sync::Arc;

/// Levels of nesting above which a value is skipped.
const DEEPEST: u32 = 255;

/// Digits above which a number is taken as text: reading one takes time in the square of its length.
const LONGEST_NUMBER: usize = 400;

/// Reads one JSON document; a byte order mark before it is passed over.
pub(crate) fn read(text: &str, file: FileId) -> Tree {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, bytes: text.as_bytes(), at, file, tree: Tree::default() };
    let root = reader.value(0);
    if !reader.tree.broken {
        reader.blanks();
        if reader.at < text.len() {
            reader.fail("nothing may follow the document");
        }
    }
    reader.tree.documents.push(root);
    reader.tree
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    file: FileId,
    tree: Tree,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }

    fn fail(&mut self, why: &str) {
        if !self.tree.broken {
            self.tree.broken = true;
            let mut end = (self.at + 1).min(self.text.len());
            while !self.text.is_char_boundary(end) {
                end += 1;
            }
            let span = Span::new(self.file, self.at.min(end), end);
            self.tree.problems.push(Problem::error(format!("this is no valid JSON: {why}"), Some(span)));
        }
    }

    fn value(&mut self, depth: u32) -> Arc<Node> {
        self.blanks();
        let start = self.at;
        if depth > DEEPEST && matches!(self.peek(), Some(b'{' | b'[')) {
            self.skip();
            let span = self.span(start);
            self.tree.problems.push(Problem::error("this is nested too deep to be read", Some(span)));
            return Node::null(span);
        }
        match self.peek() {
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => {
                let text = self.string();
                Node::text(text, self.span(start))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn map(&mut self, depth: u32) -> Arc<Node> {
        let start = self.at;
        let mut entries: Vec<Entry> = Vec::new();
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Node::new(self.span(start), Shape::Map(entries));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                self.fail("a key in quotes is expected");
                break;
            }
            let key_start = self.at;
            let key: Arc<str> = self.string().into();
            let key_span = self.span(key_start);
            self.blanks();
            if self.tree.broken || self.peek() != Some(b':') {
                self.fail("a colon is expected");
                break;
            }
            self.at += 1;
            let value = self.value(depth + 1);
            entries.push(Entry { key, key_span, value });
            if !self.goes_on(b'}', "a comma or the end of the object is expected") {
                break;
            }
        }
        let span = self.span(start);
        map_node(span, entries, &mut self.tree.problems)
    }

    fn list(&mut self, depth: u32) -> Arc<Node> {
        let start = self.at;
        let mut items: Vec<Arc<Node>> = Vec::new();
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Node::new(self.span(start), Shape::List(items));
        }
        loop {
            let item = self.value(depth + 1);
            items.push(item);
            if !self.goes_on(b']', "a comma or the end of the list is expected") {
                break;
            }
        }
        Node::new(self.span(start), Shape::List(items))
    }

    /// Passes a comma; false after the closing bracket or an error.
    fn goes_on(&mut self, close: u8, expected: &str) -> bool {
        if self.tree.broken {
            return false;
        }
        self.blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                true
            }
            Some(byte) if byte == close => {
                self.at += 1;
                false
            }
            _ => {
                self.fail(expected);
                false
            }
        }
    }

    fn string(&mut self) -> String {
        let mut result = String::new();
        self.at += 1;
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\')) {
                self.at += 1;
            }
            result.push_str(self.text.get(start..self.at).unwrap_or(""));
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return result;
                }
                Some(_) => match self.escape() {
                    Some(c) => result.push(c),
                    None => {
                        self.fail("this escape is not known");
                        return result;
                    }
                },
                None => {
                    self.fail("the text has no closing quote");
                    return result;
                }
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return None,
        })
    }

    /// A code unit, or a pair of surrogates; a lone surrogate becomes the replacement character.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if (0xd800..0xdc00).contains(&first) && self.text.get(self.at..self.at + 2) == Some("\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            self.at = before;
        }
        Some(char::from_u32(first).unwrap_or('\u{fffd}'))
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn number(&mut self) -> Arc<Node> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        let span = self.span(start);
        let number: Option<Number> = if text.len() <= LONGEST_NUMBER { Number::from_str(text).ok() } else { None };
        match number {
            Some(number) if text.contains('.') => Node::new(span, Shape::Number(number.with_point())),
            Some(number) => Node::new(span, Shape::Number(number)),
            None => Node::text(text, span),
        }
    }

    fn word(&mut self) -> Arc<Node> {
        let start = self.at;
        while matches!(self.peek(), Some(b'a'..=b'z')) {
            self.at += 1;
        }
        let shape = match self.text.get(start..self.at) {
            Some("true") => Shape::Bool(true),
            Some("false") => Shape::Bool(false),
            Some("null") => Shape::Null,
            _ => {
                self.at = start;
                self.fail("a value is expected");
                Shape::Null
            }
        };
        Node::new(self.span(start), shape)
    }

    /// Passes over a collection without recursion.
    fn skip(&mut self) {
        let mut level: u64 = 0;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string();
                    continue;
                }
                b'{' | b'[' => level += 1,
                b'}' | b']' => level = level.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if level == 0 {
                return;
            }
        }
        self.fail("a bracket is not closed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn tree(text: &str) -> (Sources, Tree) {
        let sources = Sources::new();
        let file = sources.add("t.json", text);
        let tree = read(text, file);
        (sources, tree)
    }

    #[test]
    fn keys_and_values_have_spans() {
        let (sources, tree) = tree("{\t\"a\": [1, true, \"\\u00e9\\ud83d\\ude00\"], \"b\": null}");
        let root = &tree.documents[0];
        let entry = root.entry("a").unwrap();
        assert_eq!(sources.snippet(entry.key_span), "\"a\"");
        assert_eq!(sources.snippet(entry.value.span), "[1, true, \"\\u00e9\\ud83d\\ude00\"]");
        assert_eq!(entry.value.items()[2].as_text(), Some("é😀"));
        assert!(!tree.broken);
    }

    #[test]
    fn errors_keep_what_stands_before() {
        let (_, tree) = tree("{\"a\": 1, \"b\": [1, 2,, 3]}");
        assert!(tree.broken);
        assert_eq!(tree.documents[0].get("a").unwrap().scalar_text().unwrap(), "1");
    }

    #[test]
    fn depth_is_bounded() {
        let text = format!("{{\"a\": {}1{}, \"b\": 2}}", "[".repeat(10_000), "]".repeat(10_000));
        let (_, tree) = tree(&text);
        assert!(!tree.broken);
        assert_eq!(tree.problems.len(), 1);
        assert_eq!(tree.documents[0].get("b").unwrap().scalar_text().unwrap(), "2");
    }
}
