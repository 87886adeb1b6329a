//! What is carried out before anything else: `Fn::ForEach` loops, and includes of files beside the template.

use super::document;
use super::scope::Scope;
use super::template::transforms;
use super::tree::{Entry, Node, Shape, map_node};
use super::worlds::Worlds;
use crate::source::{Span, join_path, parent};
use crate::value::Kind;
use std::sync::Arc;

/// Nodes that all loops of a template together may write, and that an included file may hold.
const BUDGET: u64 = 500_000;

/// Levels of includes in includes.
const DEEPEST_INCLUDE: u32 = 5;

/// Levels of nesting that an included file may have.
const DEEPEST_ROOT: u32 = 150;

/// The template with loops unrolled and local includes in their place.
pub(crate) fn expand(scope: &Scope<'_>) -> Arc<Node> {
    let mut expander = Expander { scope, budget: BUDGET, includes: 0 };
    let root = expander.include_sections(&scope.template.root);
    expander.node(&root)
}

struct Expander<'s, 'a> {
    scope: &'s Scope<'a>,
    budget: u64,
    /// How many includes lead here.
    includes: u32,
}

impl Expander<'_, '_> {
    fn node(&mut self, node: &Arc<Node>) -> Arc<Node> {
        match &node.shape {
            Shape::List(items) => {
                let items: Vec<Arc<Node>> = items.iter().map(|item| self.node(item)).collect();
                Node::new(node.span, Shape::List(items))
            }
            Shape::Map(entries) => {
                let entries = self.entries(entries);
                self.map(node.span, entries)
            }
            _ => Arc::clone(node),
        }
    }

    fn map(&self, span: Span, entries: Vec<Entry>) -> Arc<Node> {
        let mut problems = Vec::new();
        let node = map_node(span, entries, &mut problems);
        for problem in problems {
            self.scope.ledger.problem(problem);
        }
        node
    }

    fn entries(&mut self, entries: &[Entry]) -> Vec<Entry> {
        let mut all: Vec<Entry> = Vec::new();
        for entry in entries {
            if entry.key.starts_with("Fn::ForEach::") {
                all.extend(self.for_each(entry));
                continue;
            }
            let included = if &*entry.key == "Fn::Transform" { self.include(&entry.value) } else { None };
            match included {
                // What is included counts in the place of what stands before it.
                Some(node) => {
                    all.retain(|before| node.entry(&before.key).is_none());
                    all.extend(node.entries().iter().cloned());
                }
                None => all.push(Entry { value: self.node(&entry.value), ..entry.clone() }),
            }
        }
        all
    }

    fn for_each(&mut self, entry: &Entry) -> Vec<Entry> {
        let name = &entry.key;
        self.scope.extension(name, entry.key_span);
        let [identifier, collection, body] = entry.value.items() else {
            self.scope.ledger.hidden(format!("{name} takes an identifier, a collection and a body"), entry.key_span);
            return Vec::new();
        };
        let (Some(identifier), Some(texts)) = (identifier.as_text(), self.texts(collection)) else {
            let message = format!("{name} is not carried out: its collection is not known");
            self.scope.ledger.hidden(message, collection.span);
            return Vec::new();
        };
        let mut all: Vec<Entry> = Vec::new();
        for text in texts {
            let cost = body.weight().saturating_add(1);
            if cost > self.budget {
                self.scope
                    .ledger
                    .hidden(format!("{name} is too large: it is not carried out to its end"), entry.key_span);
                break;
            }
            self.budget -= cost;
            let written = replace(body, identifier, &text);
            all.extend(self.node(&written).entries().iter().cloned());
        }
        all
    }

    /// The items that a loop runs over.
    fn texts(&self, collection: &Arc<Node>) -> Option<Vec<String>> {
        let value = self.scope.eval(collection, &Worlds::all().plain())?;
        match &value.kind {
            Kind::List(items) => items.iter().map(|item| item.as_text()).collect(),
            Kind::String(text) => Some(vec![text.to_string()]),
            _ => None,
        }
    }

    /// The content of an `AWS::Include` whose file is on disk.
    fn include(&mut self, transform: &Arc<Node>) -> Option<Arc<Node>> {
        if transform.get("Name").and_then(|node| node.as_text()) != Some("AWS::Include") {
            return None;
        }
        let location = transform.get("Parameters")?.get("Location")?;
        let value = self.scope.eval(location, &Worlds::all().plain())?;
        let file_path = value.as_str().filter(|path| !path.is_empty() && !path.contains("://"))?;
        let path = join_path(parent(&self.scope.template.path), file_path);
        if self.includes >= DEEPEST_INCLUDE {
            self.scope.ledger.warn(format!("{path} is included too deep to be followed"), location.span);
            return None;
        }
        let root = beside(self.scope, &path, location.span).filter(|root| root.weight() <= self.budget)?;
        self.budget -= root.weight();
        self.includes += 1;
        let expanded = self.node(&root);
        self.includes -= 1;
        Some(expanded)
    }

    /// Includes named by the template's `Transform` section bring whole sections; what the template says itself counts.
    fn include_sections(&mut self, root: &Arc<Node>) -> Arc<Node> {
        let transforms = transforms(root);
        if transforms.is_empty() {
            return Arc::clone(root);
        }
        let mut entries: Vec<Entry> = root.entries().to_vec();
        for transform in transforms {
            let Some(included) = self.include(&transform) else {
                if transform.get("Name").and_then(|node| node.as_text()) == Some("AWS::Include") {
                    self.scope.ledger.hidden("what this includes is not on disk".to_owned(), transform.span);
                }
                continue;
            };
            for section in included.entries() {
                match entries.iter_mut().find(|entry| entry.key == section.key) {
                    Some(own) if own.value.is_map() && section.value.is_map() => {
                        let mut both: Vec<Entry> = section.value.entries().to_vec();
                        both.retain(|entry| own.value.get(&entry.key).is_none());
                        both.extend(own.value.entries().iter().cloned());
                        own.value = Node::new(own.value.span, Shape::Map(both));
                    }
                    Some(_) => {}
                    None => entries.push(section.clone()),
                }
            }
        }
        Node::new(root.span, Shape::Map(entries))
    }
}

/// The document in a file that the template names at `span`; `None` where it is not there, no map, or too large.
pub(crate) fn beside(scope: &Scope<'_>, path: &str, span: Span) -> Option<Arc<Node>> {
    let text: Arc<str> = match scope.run.files.read(path) {
        Ok(text) => text.into(),
        Err(error) => {
            scope.ledger.warn(format!("the included file {path} {error}"), span);
            return None;
        }
    };
    scope.ledger.file();
    let file = scope.run.sources.add(path, Arc::clone(&text));
    let document = document::read(&text, file);
    for problem in document.problems {
        scope.ledger.problem(problem);
    }
    document.root.filter(|root| root.is_map() && root.weight() <= BUDGET && root.depth() <= DEEPEST_ROOT)
}

/// The body of a loop for one item: `${Name}`, `&{Name}` (letters and digits only) and `Ref: Name` are replaced.
fn replace(node: &Arc<Node>, name: &str, value: &str) -> Arc<Node> {
    match &node.shape {
        Shape::Text(text) => match replace_text(text, name, value) {
            Some(text) => Node::text(text, node.span),
            None => Arc::clone(node),
        },
        Shape::List(items) => {
            let items: Vec<Arc<Node>> = items.iter().map(|item| replace(item, name, value)).collect();
            Node::new(node.span, Shape::List(items))
        }
        Shape::Map(entries) => {
            let call = node.intrinsic().filter(|call| &*call.key == "Ref");
            if call.is_some_and(|call| call.value.as_text() == Some(name)) {
                return Node::text(value, node.span);
            }
            let entry = |entry: &Entry| Entry {
                key: replace_text(&entry.key, name, value).map_or_else(|| Arc::clone(&entry.key), Arc::from),
                key_span: entry.key_span,
                value: replace(&entry.value, name, value),
            };
            Node::new(node.span, Shape::Map(entries.iter().map(entry).collect()))
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) => Arc::clone(node),
    }
}

fn replace_text(text: &str, name: &str, value: &str) -> Option<String> {
    let plain = format!("${{{name}}}");
    let cleaned = format!("&{{{name}}}");
    if !text.contains(&plain) && !text.contains(&cleaned) {
        return None;
    }
    let letters: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    Some(text.replace(&plain, value).replace(&cleaned, &letters))
}
