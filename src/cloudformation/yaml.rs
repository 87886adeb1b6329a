//! YAML events to the tree: tags become long forms, aliases are shared, merge keys are carried out.

use super::mend;
use super::scalar;
use super::tree::{DEEPEST, Entry, Node, Shape, Tree, map_node};
use crate::diagnostic::Problem;
use crate::source::{FileId, Span};
use granit_parser::{Event, Marker, Parser, ScalarStyle, StructureStyle, Tag};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Nodes that all aliases of a text together may repeat.
const ALIAS_BUDGET: u64 = 500_000;

/// Entries with errors that are taken out before the reading is given up.
const MOST_ATTEMPTS: u32 = 4;

/// Reads all documents of a text. Where it has an error, the entry around it is left out; what cannot be mended so is read up to the error.
pub(crate) fn read(text: &str, file: FileId) -> Tree {
    let (mut tree, mut error) = read_up_to_error(text, file);
    let mut mended = text.to_owned();
    for _ in 0..MOST_ATTEMPTS {
        let Some(without) = error.and_then(|at| mend::without_entry(&mended, at)) else { break };
        let (next, next_error) = read_up_to_error(&without, file);
        if next_error.is_none() {
            tree.documents = next.documents;
            break;
        }
        mended = without;
        error = next_error;
    }
    tree
}

/// The tree up to the first error, and the error's offset.
fn read_up_to_error(text: &str, file: FileId) -> (Tree, Option<usize>) {
    let options = granit_parser::options! { block_scalar_eof_without_line_feed: true, emit_comments: false };
    let mut builder = Builder::new(text, file);
    let mut failed: Option<usize> = None;
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                let at = offset(error.marker()).min(text.len());
                let span = Span::new(file, at, (at + 1).min(text.len()));
                builder
                    .tree
                    .problems
                    .push(Problem::error(format!("this is no valid YAML: {}", error.info()), Some(span)));
                builder.tree.broken = true;
                failed = Some(at);
                break;
            }
        }
    }
    (builder.finish(), failed)
}

fn offset(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or_else(|| marker.index())
}

/// A tag as it matters here: the function it stands for, or the type it forces on a scalar.
struct Mark {
    text: String,
    core: Option<String>,
    start: usize,
    end: usize,
}

struct Key {
    text: Arc<str>,
    span: Span,
    merge: bool,
}

enum Content {
    List(Vec<Arc<Node>>),
    Map { entries: Vec<Entry>, merged: Vec<Arc<Node>>, key: Option<Key> },
}

/// A collection whose end has not come yet.
struct Open {
    start: usize,
    /// End of the last child: block collections have no end of their own.
    end: usize,
    flow: bool,
    mark: Option<Mark>,
    anchor: usize,
    content: Content,
}

struct Builder<'a> {
    text: &'a str,
    file: FileId,
    open: Vec<Open>,
    anchors: HashMap<usize, Arc<Node>>,
    alias_budget: u64,
    tree: Tree,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, file: FileId) -> Self {
        Self {
            text,
            file,
            open: Vec::new(),
            anchors: HashMap::new(),
            alias_budget: ALIAS_BUDGET,
            tree: Tree::default(),
        }
    }

    fn take(&mut self, event: Event<'_>, span: granit_parser::Span) {
        let start = offset(&span.start);
        let end = offset(&span.end).max(start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let mark = tag.as_deref().map(|tag| mark(tag, &span));
                let empty = style == ScalarStyle::Plain && start == end;
                let text: &str = if empty { "" } else { &text };
                self.scalar(text, style, anchor, mark, (start, end));
            }
            Event::SequenceStart(style, anchor, tag) => {
                let mark = tag.as_deref().map(|tag| mark(tag, &span));
                let flow = style == StructureStyle::Flow;
                self.open.push(Open { start, end: start, flow, mark, anchor, content: Content::List(Vec::new()) });
            }
            Event::MappingStart(style, anchor, tag) => {
                let mark = tag.as_deref().map(|tag| mark(tag, &span));
                let flow = style == StructureStyle::Flow;
                let content = Content::Map { entries: Vec::new(), merged: Vec::new(), key: None };
                self.open.push(Open { start, end: start, flow, mark, anchor, content });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(end)),
            Event::Alias(id) => self.alias(id, Span::new(self.file, start, end)),
            _ => {}
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, mark: Option<Mark>, range: (usize, usize)) {
        let (start, mut end) = range;
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            let written = self.text.get(start..end).unwrap_or("");
            end = start + written.trim_end().len();
        }
        let span = Span::new(self.file, start, end);
        let is_key = matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }));
        let plain = style == ScalarStyle::Plain;
        let shape = match (&mark, is_key) {
            (_, true) => Shape::Text(text.into()),
            (Some(mark), false) => tagged_scalar(mark, text, plain),
            (None, false) if plain => scalar::plain(text),
            (None, false) => Shape::Text(text.into()),
        };
        let untagged = mark.is_none();
        let node = self.wrap(Node::new(span, shape), if is_key { None } else { mark });
        if anchor > 0 {
            self.anchors.insert(anchor, Arc::clone(&node));
        }
        if is_key {
            self.set_key(Key { text: text.into(), span, merge: plain && untagged && text == "<<" });
        } else {
            self.add(node);
        }
    }

    /// The long form of a short tag.
    fn wrap(&self, node: Arc<Node>, mark: Option<Mark>) -> Arc<Node> {
        let Some(mark) = mark else { return node };
        if mark.core.is_some() || mark.text.is_empty() {
            return node;
        }
        let key: Arc<str> = match mark.text.as_str() {
            "Ref" | "Condition" => mark.text.as_str().into(),
            other => format!("Fn::{other}").into(),
        };
        let key_span = Span::new(self.file, mark.start, mark.end);
        let span = key_span.join(node.span);
        Node::new(span, Shape::Map(vec![Entry { key, key_span, value: node }]))
    }

    fn alias(&mut self, id: usize, span: Span) {
        let node = match self.anchors.get(&id) {
            Some(target) if target.weight() <= self.alias_budget => {
                self.alias_budget -= target.weight();
                Arc::clone(target)
            }
            Some(_) => {
                let message = "the aliases of this file repeat too much: this one is not followed";
                if !self.tree.problems.iter().any(|problem| problem.message == message) {
                    self.tree.problems.push(Problem::error(message, Some(span)));
                }
                Node::null(span)
            }
            None => {
                self.tree.problems.push(Problem::error("this alias stands inside what it repeats", Some(span)));
                Node::null(span)
            }
        };
        self.add(node);
    }

    fn close(&mut self, end: Option<usize>) {
        let Some(open) = self.open.pop() else { return };
        let end = end.filter(|_| open.flow).unwrap_or(open.end);
        let span = Span::new(self.file, open.start, end);
        let node = match open.content {
            Content::List(items) => Node::new(span, Shape::List(items)),
            Content::Map { entries, merged, key } => {
                let mut entries = entries;
                if let Some(key) = key {
                    entries.push(Entry { key: key.text, key_span: key.span, value: Node::null(key.span) });
                }
                map_node(span, merge(entries, &merged), &mut self.tree.problems)
            }
        };
        let node = self.wrap(node, open.mark);
        if open.anchor > 0 {
            self.anchors.insert(open.anchor, Arc::clone(&node));
        }
        self.add(node);
    }

    fn set_key(&mut self, new: Key) {
        if let Some(open) = self.open.last_mut() {
            open.end = open.end.max(new.span.end as usize);
            if let Content::Map { key, .. } = &mut open.content {
                *key = Some(new);
            }
        }
    }

    /// Puts a finished node where it belongs: into the collection that is open, as a key, or as a document.
    fn add(&mut self, node: Arc<Node>) {
        let mut node = node;
        if node.depth() > DEEPEST {
            self.tree.problems.push(Problem::error("this is nested too deep to be read", Some(node.span)));
            node = Node::null(node.span);
        }
        let written = self.text;
        let Some(open) = self.open.last_mut() else {
            self.tree.documents.push(node);
            return;
        };
        if node.span.start as usize >= open.start {
            open.end = open.end.max(node.span.end as usize);
        }
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map { entries, merged, key } => match key.take() {
                Some(name) if name.merge => merged.push(node),
                Some(name) => entries.push(Entry { key: name.text, key_span: name.span, value: node }),
                None => {
                    let range = node.span.start as usize..node.span.end as usize;
                    let text = node.scalar_text().unwrap_or_else(|| written.get(range).unwrap_or("").to_owned());
                    *key = Some(Key { text: text.into(), span: node.span, merge: false });
                }
            },
        }
    }

    fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.close(None);
        }
        self.tree
    }
}

fn mark(tag: &Tag, span: &granit_parser::Span) -> Mark {
    let (handle, suffix) = tag.parts();
    let core = match tag.core_suffix() {
        Some(core) => Some(core.to_owned()),
        None if handle != "!" => Some(suffix.to_owned()),
        None => None,
    };
    let range = span.tag_span();
    let start = range.as_ref().map_or_else(|| offset(&span.start), |range| offset(&range.start));
    let end = range.as_ref().map_or(start, |range| offset(&range.end));
    Mark { text: suffix.to_owned(), core, start, end }
}

/// Functions that take their argument as text, whatever it looks like.
const TAKES_TEXT: [&str; 7] = ["Ref", "Condition", "GetAtt", "Sub", "ImportValue", "GetAZs", "Base64"];

fn tagged_scalar(mark: &Mark, text: &str, plain: bool) -> Shape {
    let as_text = match &mark.core {
        Some(core) => core == "str" || core == "!" || core.is_empty(),
        None => mark.text.is_empty() || TAKES_TEXT.contains(&mark.text.as_str()) || !plain,
    };
    if as_text { Shape::Text(text.into()) } else { scalar::plain(text) }
}

/// Keys written here win over merged ones, and of several merged maps the first.
fn merge(own: Vec<Entry>, merged: &[Arc<Node>]) -> Vec<Entry> {
    if merged.is_empty() {
        return own;
    }
    let mut sources: Vec<&Arc<Node>> = Vec::new();
    for node in merged {
        if node.is_list() {
            sources.extend(node.items());
        } else {
            sources.push(node);
        }
    }
    let mut known: HashSet<Arc<str>> = own.iter().map(|entry| Arc::clone(&entry.key)).collect();
    let mut all: Vec<Entry> = Vec::new();
    for source in sources {
        for entry in source.entries() {
            if known.insert(Arc::clone(&entry.key)) {
                all.push(entry.clone());
            }
        }
    }
    all.extend(own);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn tree(text: &str) -> (Sources, Tree) {
        let sources = Sources::new();
        let file = sources.add("t.yaml", text);
        let tree = read(text, file);
        (sources, tree)
    }

    #[test]
    fn short_tags_become_long_forms_with_spans() {
        let (sources, tree) = tree("a: !GetAtt Lb.DNSName\nb: !Join ['-', [x, 1]]\n");
        let root = &tree.documents[0];
        let call = root.get("a").unwrap().intrinsic().unwrap();
        assert_eq!(&*call.key, "Fn::GetAtt");
        assert_eq!(sources.snippet(call.key_span), "!GetAtt");
        assert_eq!(sources.snippet(call.value.span), "Lb.DNSName");
        assert_eq!(sources.snippet(root.get("b").unwrap().span), "!Join ['-', [x, 1]]");
    }

    #[test]
    fn merge_keys_give_way_to_written_keys() {
        let (_, tree) = tree("x: &x {k: 1, l: 2}\ny:\n  l: own\n  <<: *x\n");
        let merged = tree.documents[0].get("y").unwrap();
        assert_eq!(merged.get("l").unwrap().as_text(), Some("own"));
        assert_eq!(merged.get("k").unwrap().scalar_text().unwrap(), "1");
        assert!(tree.problems.is_empty());
    }

    #[test]
    fn the_last_of_duplicate_keys_wins_with_a_note() {
        let (_, tree) = tree("a: 1\na: 2\n");
        assert_eq!(tree.documents[0].get("a").unwrap().scalar_text().unwrap(), "2");
        assert_eq!(tree.problems.len(), 1);
    }

    #[test]
    fn alias_bombs_end_in_a_problem() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..40 {
            let items = vec![format!("*a{}", level - 1); 9].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
        }
        let (_, tree) = tree(&text);
        assert!(!tree.problems.is_empty());
        assert!(tree.documents[0].weight() < 2 * ALIAS_BUDGET);
    }

    #[test]
    fn what_stands_before_an_error_is_kept() {
        let (_, tree) = tree("a: 1\nb: [1, 2\nc: }\n");
        assert!(tree.broken);
        assert_eq!(tree.documents[0].get("a").unwrap().scalar_text().unwrap(), "1");
    }

    #[test]
    fn what_stands_behind_an_error_is_read() {
        let (_, tree) = tree("a:\n  b: 1\n  c: {x: ]}\n  d: 2\n");
        assert!(tree.broken);
        assert_eq!(tree.problems.len(), 1);
        assert_eq!(tree.documents[0].get("a").unwrap().get("d").unwrap().scalar_text().unwrap(), "2");
    }
}
