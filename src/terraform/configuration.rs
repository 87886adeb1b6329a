//! One module directory as Terraform sees it: all its files together, overrides merged.

use super::ast::{Attribute, Block, Body, Expr, ExprKind, Item};
use super::{hcl, json};
use crate::diagnostic::Problem;
use crate::resource::Mode;
use crate::source::{FileId, Files, ReadError, Sources, Span, join_path, parent};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The parsed configuration of one directory.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) directory: String,
    pub(crate) files: usize,
    pub(crate) problems: Vec<Problem>,
    /// The first file of which something could not be read: what seems to be missing may stand there.
    pub(crate) unread: Option<Arc<str>>,
    pub(crate) variables: BTreeMap<Arc<str>, Block>,
    pub(crate) locals: BTreeMap<Arc<str>, Attribute>,
    pub(crate) outputs: BTreeMap<Arc<str>, Block>,
    pub(crate) calls: BTreeMap<Arc<str>, Block>,
    pub(crate) resources: Vec<Declared>,
    /// The `terraform` blocks.
    pub(crate) settings: Vec<Block>,
    /// The `provider` blocks.
    pub(crate) providers: Vec<Block>,
    by_name: HashMap<String, usize>,
}

/// A resource or data source block.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) mode: Mode,
    pub(crate) type_name: Arc<str>,
    /// Without instance keys: `aws_lb.web`, `data.aws_lb.web`.
    pub(crate) address: String,
    pub(crate) block: Block,
}

impl Module {
    pub(crate) fn resource(&self, address: &str) -> Option<usize> {
        self.by_name.get(address).copied()
    }

    fn add(&mut self, body: Body) {
        for item in body.items {
            let Item::Block(block) = item else { continue };
            let named = match &*block.kind {
                "variable" => Some(&mut self.variables),
                "output" => Some(&mut self.outputs),
                "module" => Some(&mut self.calls),
                _ => None,
            };
            if let (Some(named), [name]) = (named, block.labels.as_slice()) {
                let (kind, name, header) = (Arc::clone(&block.kind), Arc::clone(name), block.header);
                self.problems.extend(declare(named, name, block, &kind, header));
                continue;
            }
            match (&*block.kind, block.labels.as_slice()) {
                ("locals", []) => {
                    for item in block.body.items {
                        if let Item::Attribute(attribute) = item {
                            let (name, span) = (Arc::clone(&attribute.name), attribute.span);
                            self.problems.extend(declare(&mut self.locals, name, attribute, "local", span));
                        }
                    }
                }
                ("resource", [_, _]) => self.add_resource(Mode::Managed, block),
                ("data", [_, _]) => self.add_resource(Mode::Data, block),
                ("terraform", []) => self.settings.push(block),
                ("provider", [_]) => self.providers.push(block),
                // A check may hold data sources of its own; they decide nothing.
                _ => {}
            }
        }
    }

    fn add_resource(&mut self, mode: Mode, block: Block) {
        let [type_name, name] = block.labels.as_slice() else { return };
        let address = match mode {
            Mode::Managed => format!("{type_name}.{name}"),
            Mode::Data => format!("data.{type_name}.{name}"),
        };
        if self.by_name.contains_key(&address) {
            self.problems.push(declared_twice(&address, block.header));
            return;
        }
        self.by_name.insert(address.clone(), self.resources.len());
        self.resources.push(Declared { mode, type_name: Arc::clone(type_name), address, block });
    }

    /// Merges an override file: arguments replace, nested blocks of a type replace all of that type.
    fn merge(&mut self, body: Body) {
        let mut remaining = Body::default();
        for item in body.items {
            let Item::Block(block) = item else { continue };
            let target = match (&*block.kind, block.labels.as_slice()) {
                ("variable", [name]) => self.variables.get_mut(name),
                ("output", [name]) => self.outputs.get_mut(name),
                ("module", [name]) => self.calls.get_mut(name),
                ("resource", [of, name]) => self.declared_mut(&format!("{of}.{name}")),
                ("data", [of, name]) => self.declared_mut(&format!("data.{of}.{name}")),
                ("provider", [_]) => self.provider_mut(&block),
                // A backend in an override file replaces the backend.
                ("terraform", []) => {
                    self.settings.insert(0, block);
                    continue;
                }
                ("locals", []) => {
                    for item in block.body.items {
                        if let Item::Attribute(attribute) = item {
                            self.locals.insert(Arc::clone(&attribute.name), attribute);
                        }
                    }
                    continue;
                }
                _ => None,
            };
            match target {
                Some(target) => merge_body(&mut target.body, block.body),
                None => remaining.items.push(Item::Block(block)),
            }
        }
        self.add(remaining);
    }

    fn declared_mut(&mut self, address: &str) -> Option<&mut Block> {
        let index = self.resource(address)?;
        self.resources.get_mut(index).map(|declared| &mut declared.block)
    }

    /// The provider configuration that has the name and alias of this one.
    fn provider_mut(&mut self, overriding: &Block) -> Option<&mut Block> {
        let alias = |block: &Block| match block.body.attribute("alias").map(|attribute| &attribute.expr.kind) {
            Some(ExprKind::String(alias)) => Some(Arc::clone(alias)),
            _ => None,
        };
        self.providers.iter_mut().find(|block| block.labels == overriding.labels && alias(block) == alias(overriding))
    }
}

/// Adds what has no other of its name, as no two may have in a module.
fn declare<T>(
    named: &mut BTreeMap<Arc<str>, T>,
    name: Arc<str>,
    declared: T,
    kind: &str,
    span: Span,
) -> Option<Problem> {
    match named.entry(name) {
        Entry::Vacant(free) => {
            free.insert(declared);
            None
        }
        Entry::Occupied(taken) => Some(declared_twice(&format!("{kind} {}", taken.key()), span)),
    }
}

fn declared_twice(what: &str, span: Span) -> Problem {
    Problem::error(format!("{what} is declared twice in this module; the first declaration is used"), Some(span))
}

fn merge_body(target: &mut Body, overriding: Body) {
    let replaced: Vec<Arc<str>> = overriding.blocks().map(block_name).collect();
    target.items.retain(|item| match item {
        Item::Block(block) => !replaced.contains(&block_name(block)),
        Item::Attribute(attribute) => overriding.attribute(&attribute.name).is_none(),
    });
    target.items.extend(overriding.items);
}

/// The name of the blocks that this one makes: a `dynamic` block's label.
fn block_name(block: &Block) -> Arc<str> {
    match (&*block.kind, block.label(0)) {
        ("dynamic", Some(label)) => Arc::clone(label),
        _ => Arc::clone(&block.kind),
    }
}

/// Every directory that was parsed in this run, each once.
pub(crate) struct Library<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) sources: &'a Sources,
    modules: Mutex<HashMap<String, Arc<Module>>>,
}

/// What a file is for: the same JSON means another thing in a file of variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Configuration,
    Variables,
}

/// Larger files are generated; parsing them would cost gigabytes.
const LARGEST_FILE: usize = 8 << 20;

impl<'a> Library<'a> {
    pub(crate) fn new(files: &'a dyn Files, sources: &'a Sources) -> Self {
        Self { files, sources, modules: Mutex::new(HashMap::new()) }
    }

    /// The module in `directory`; `None` where there is no configuration.
    pub(crate) fn module(&self, directory: &str) -> Option<Arc<Module>> {
        let known = self.modules.lock().unwrap_or_else(PoisonError::into_inner).get(directory).map(Arc::clone);
        if known.is_some() {
            return known;
        }
        let names = self.files.list(if directory.is_empty() { "." } else { directory }).ok()?;
        let names = configuration_files(names);
        if names.is_empty() {
            return None;
        }
        let module = Arc::new(self.load(directory, &names));
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(modules.entry(directory.to_owned()).or_insert(module)))
    }

    /// Whether the resource with this header leaves changes of an argument that are made elsewhere as they are.
    pub(crate) fn ignores_changes(&self, header: Span, argument: &str) -> bool {
        let Some(module) = self.module(parent(&self.sources.path(header.file))) else { return false };
        let declared = module.resources.iter().find(|declared| declared.block.header == header);
        let lifecycle =
            declared.and_then(|declared| declared.block.body.blocks().find(|block| &*block.kind == "lifecycle"));
        let ignored = lifecycle.and_then(|block| block.body.attribute("ignore_changes"));
        let names = |expr: &Expr| matches!(&expr.kind, ExprKind::Variable(name) | ExprKind::String(name) if &**name == argument);
        match ignored.map(|attribute| &attribute.expr.kind) {
            Some(ExprKind::Tuple(items)) => items.iter().any(names),
            Some(ExprKind::Variable(all) | ExprKind::String(all)) => &**all == "all",
            _ => false,
        }
    }

    fn load(&self, directory: &str, names: &[String]) -> Module {
        let mut module = Module { directory: directory.to_owned(), files: names.len(), ..Module::default() };
        let (overrides, ordinary): (Vec<_>, Vec<_>) = names.iter().partition(|name| is_override(name));
        for name in ordinary {
            let body = self.read_into(&mut module, &join_path(directory, name));
            module.add(body);
        }
        for name in overrides {
            let body = self.read_into(&mut module, &join_path(directory, name));
            module.merge(body);
        }
        module
    }

    fn read_into(&self, module: &mut Module, path: &str) -> Body {
        let (body, problems) = self.parse(path, Content::Configuration);
        if problems.iter().any(Problem::hides_code) {
            module.unread.get_or_insert_with(|| path.into());
        }
        module.problems.extend(problems);
        body
    }

    /// Parses a file in HCL or, as its name tells, JSON.
    pub(crate) fn parse(&self, path: &str, content: Content) -> (Body, Vec<Problem>) {
        let nothing = |message: String| (Body::default(), vec![self.at_start(path, message)]);
        let bytes = match self.files.read_bytes(path) {
            Ok(bytes) => bytes,
            Err(error) => return nothing(format!("{path} {error}")),
        };
        if bytes.len() > LARGEST_FILE {
            return nothing(format!("{path} is larger than {} MiB and is not analysed", LARGEST_FILE >> 20));
        }
        let is_binary = bytes.contains(&0);
        let (text, invalid) = decoded(bytes);
        let text: Arc<str> = text.into();
        let file: FileId = self.sources.add(path, Arc::clone(&text));
        match (path.ends_with(".json"), invalid.first()) {
            (true, None) => json::parse_file(file, &text, content),
            // What is encrypted or compiled has no blocks to save.
            (is_json, Some(offset)) if is_json || is_binary => {
                let span = Span::new(file, *offset, offset + char::REPLACEMENT_CHARACTER.len_utf8());
                (Body::default(), vec![Problem::error(format!("{path} {}", ReadError::NotUtf8), Some(span))])
            }
            (_, _) => hcl::parse_file(file, &text, &invalid),
        }
    }

    /// A problem of a file that is not read.
    pub(crate) fn at_start(&self, path: &str, message: String) -> Problem {
        let file = self.sources.add(path, "");
        Problem::error(message, Some(Span::new(file, 0, 0)))
    }
}

/// The text with a replacement character at each of the returned offsets, where the bytes are no UTF-8.
fn decoded(bytes: Vec<u8>) -> (String, Vec<usize>) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, Vec::new()),
        Err(error) => error.into_bytes(),
    };
    let (mut text, mut invalid) = (String::new(), Vec::new());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            invalid.push(text.len());
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    (text, invalid)
}

/// What ends the name of a configuration file.
pub(crate) const EXTENSIONS: [&str; 4] = [".tofu.json", ".tofu", ".tf.json", ".tf"];

/// The files that Terraform or OpenTofu reads, in its order; a `.tofu` file hides the `.tf` file of its name, and a
/// `.tofu.json` file the `.tf.json` file. Source: `IsIgnoredFile` in Terraform's configs/parser_config_dir.go, and
/// <https://opentofu.org/docs/language/files/>.
fn configuration_files(names: Vec<String>) -> Vec<String> {
    let is_hidden = |name: &String| {
        let hides = |hidden: &str, hiding: &str| {
            let stem = name.strip_suffix(hidden);
            stem.is_some_and(|stem| names.iter().any(|other| other.strip_suffix(hiding) == Some(stem)))
        };
        hides(".tf", ".tofu") || hides(".tf.json", ".tofu.json")
    };
    let is_ignored =
        |name: &String| name.starts_with('.') || name.ends_with('~') || name.starts_with('#') && name.ends_with('#');
    let is_read = |name: &&String| stem(name).is_some() && !is_ignored(name) && !is_hidden(name);
    let mut kept: Vec<String> = names.iter().filter(is_read).cloned().collect();
    kept.sort();
    kept
}

fn stem(name: &str) -> Option<&str> {
    EXTENSIONS.iter().find_map(|end| name.strip_suffix(end))
}

fn is_override(name: &str) -> bool {
    stem(name).is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}
