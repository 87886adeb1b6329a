//! A root module's stack: every resource of it and of all modules that it calls.

use super::across::Shared;
use super::ast::Block;
use super::backend::{self, StateName};
use super::configuration::{Library, Module};
use super::datum::{Datum, Key};
use super::evaluator::{Env, Evaluator, Expanded, Scope};
use super::expansion::Instanced;
use super::foreign::Shape;
use super::{Options, inputs, modules};
use crate::diagnostic::Problem;
use crate::resource::{Address, Dialect, Existence, Language, Mode, Resource, Stack, UNREAD_CODE};
use crate::value::{When, secret};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Resources of one root; as many again are told as code that is not analysed.
const MOST_RESOURCES: usize = 100_000;

/// A root module's stack, with the shapes of its outputs.
pub(crate) struct Root {
    pub(crate) stack: Stack,
    pub(crate) shapes: BTreeMap<Arc<str>, Shape>,
}

pub(crate) fn evaluate(directory: &str, library: &Library<'_>, options: &Options, shared: &Shared) -> Root {
    secret::numbered_anew(|| evaluated(directory, library, options, shared))
}

fn evaluated(directory: &str, library: &Library<'_>, options: &Options, shared: &Shared) -> Root {
    let id: Arc<str> = if directory.is_empty() { ".".into() } else { directory.into() };
    let mut stack = Stack {
        id,
        dialect: Dialect::Terraform,
        files: 0,
        resources: Vec::new(),
        outputs: BTreeMap::new(),
        unresolved: Vec::new(),
        problems: Vec::new(),
    };
    let Some(module) = library.module(directory) else {
        stack.problems.push(Problem::error(format!("the directory {} cannot be read", stack.id), None));
        return Root { stack, shapes: BTreeMap::new() };
    };
    let options = options.for_root(directory);
    let evaluator = Evaluator::new(library, &options, shared, directory);
    let values = inputs::root_values(&evaluator, &module);
    let root = evaluator.add_root(module, values);
    let mut collected = Collected::default();
    evaluator.collect(&root, &mut collected);
    let mut shapes = BTreeMap::new();
    for (name, block) in &root.module.outputs {
        let value = evaluator.settle(evaluator.output(&root, name, block.header));
        shapes.insert(Arc::clone(name), Shape::of(&value));
        stack.outputs.insert(Arc::clone(name), evaluator.lowered(&value));
    }
    stack.resources = collected.resources;
    stack.resources.sort_by(|a, b| a.address.cmp(&b.address));
    stack.files = collected.directories.values().sum();
    stack.problems = collected.problems;
    stack.unresolved = evaluator.unresolved.borrow().iter().map(|(address, span)| (address.clone(), *span)).collect();
    stack.problems.extend(evaluator.into_problems());
    stack
        .problems
        .sort_by_key(|problem| (problem.span.map(|span| library.sources.order(span)), problem.message.clone()));
    Root { stack, shapes }
}

/// The state that a root module writes, where its code says it.
pub(crate) fn state(directory: &str, library: &Library<'_>, options: &Options) -> Option<StateName> {
    let module = library.module(directory)?;
    let (shared, options) = (Shared::default(), options.for_root(directory));
    backend::written(&Evaluator::new(library, &options, &shared, directory), &module, options.workspace.as_deref())
}

/// The directories of the local modules that the code of a directory calls, as its variables have it where it is a root.
pub(crate) fn called(module: &Arc<Module>, library: &Library<'_>, options: &Options) -> Vec<String> {
    let directory = |source: &str| modules::local_directory(&module.directory, source);
    if module.calls.values().all(|call| modules::source(call).is_some()) {
        let sources = module.calls.values().filter_map(modules::source);
        return sources.filter(|source| modules::is_local(source)).map(directory).collect();
    }
    let (shared, options) = (Shared::default(), options.for_root(&module.directory));
    let evaluator = Evaluator::new(library, &options, &shared, &module.directory);
    let values = inputs::root_values(&evaluator, module);
    let root = evaluator.add_root(Arc::clone(module), values);
    let sources = module.calls.values().filter_map(|call| modules::evaluated_source(&evaluator, &root, call));
    sources.filter(|source| modules::is_local(source)).map(|source| directory(&source)).collect()
}

#[derive(Default)]
struct Collected {
    resources: Vec<Resource>,
    /// Number of files by directory; a module called twice is read once.
    directories: BTreeMap<String, usize>,
    problems: Vec<Problem>,
    active: BTreeSet<String>,
}

impl Collected {
    fn add_stranger(&mut self, stranger: impl FnOnce() -> Resource) {
        if self.resources.len() < 2 * MOST_RESOURCES {
            self.resources.push(stranger());
        }
    }
}

impl Evaluator<'_> {
    fn collect(&self, scope: &Rc<Scope>, collected: &mut Collected) {
        let module = &scope.module;
        if collected.directories.insert(module.directory.clone(), module.files).is_none() {
            collected.problems.extend(module.problems.iter().cloned());
        }
        for index in 0..module.resources.len() {
            self.collect_resource(scope, index, collected);
        }
        for (name, call) in &module.calls {
            let expansion = match self.expansion(scope, &Expanded::Module(Arc::clone(name))) {
                Ok(expansion) => expansion,
                Err(fault) => {
                    self.settle(Err(fault));
                    continue;
                }
            };
            // A directory that calls itself would be evaluated to the bound for nothing.
            let fresh = collected.active.insert(scope.module.directory.clone());
            for instance in &expansion.instances {
                let child = match self.is_full(collected, call) {
                    true => None,
                    false => self.child(scope, name, &instance.repetition, instance.when.as_ref()),
                };
                if let Some(child) = child {
                    if collected.active.contains(&child.module.directory) {
                        let message =
                            format!("module.{name} calls a directory that it is called from; it is not analysed");
                        self.report(Problem::error(message, Some(call.header)));
                    } else {
                        self.collect(&child, collected);
                    }
                } else {
                    collected.add_stranger(|| self.stranger(scope, &format!("module.{name}"), call, instance));
                }
            }
            if fresh {
                collected.active.remove(&scope.module.directory);
            }
        }
    }

    /// Whether the root has as many resources as are analysed.
    fn is_full(&self, collected: &Collected, at: &Block) -> bool {
        let is_full = collected.resources.len() >= MOST_RESOURCES;
        if is_full && collected.resources.len() == MOST_RESOURCES {
            let message = format!("this root has over {MOST_RESOURCES} resources; from here on they are not analysed");
            self.report(Problem::error(message, Some(at.header)));
        }
        is_full
    }

    /// Code that is not analysed, with what it is given: it may do anything with that.
    fn stranger(&self, scope: &Rc<Scope>, name: &str, block: &Block, instance: &Instanced) -> Resource {
        let when = When::both(scope.when.as_ref(), instance.when.as_ref());
        let suffix = Key::suffix(instance.repetition.key.as_ref());
        Resource {
            address: Address::new(format!("{}{name}{suffix}", scope.prefix)),
            type_name: UNREAD_CODE.into(),
            language: Language::Terraform,
            mode: Mode::Data,
            exists: when.map_or(Existence::Certain, Existence::Conditional),
            body: self.resource_body(block, Env::new(scope, &instance.repetition)),
            header: block.header,
            span: block.span,
            calls: scope.calls.clone(),
            construct: None,
            account: None,
            region: None,
            is_region_open: false,
            provisioned: Vec::new(),
        }
    }

    fn collect_resource(&self, scope: &Rc<Scope>, index: usize, collected: &mut Collected) {
        let Some(declared) = scope.module.resources.get(index) else { return };
        let expansion = match self.expansion(scope, &Expanded::Resource(index)) {
            Ok(expansion) => expansion,
            Err(fault) => {
                let _: Datum = self.settle(Err(fault));
                return;
            }
        };
        for instance in &expansion.instances {
            if self.is_full(collected, &declared.block) {
                collected.add_stranger(|| self.stranger(scope, &declared.address, &declared.block, instance));
                return;
            }
            let when = When::both(scope.when.as_ref(), instance.when.as_ref()).filter(|when| !when.is_always());
            if when.as_ref().is_some_and(|when| !when.satisfiable()) {
                continue;
            }
            let suffix = Key::suffix(instance.repetition.key.as_ref());
            let env = Env::new(scope, &instance.repetition);
            let place = self.place(&declared.block, env);
            collected.resources.push(Resource {
                address: Address::new(format!("{}{}{suffix}", scope.prefix, declared.address)),
                type_name: Arc::clone(&declared.type_name),
                language: Language::Terraform,
                mode: declared.mode,
                exists: when.map_or(Existence::Certain, Existence::Conditional),
                body: self.resource_body(&declared.block, env),
                header: declared.block.header,
                span: declared.block.span,
                calls: scope.calls.clone(),
                construct: None,
                account: place.account,
                region: place.region,
                is_region_open: place.is_open,
                provisioned: self.provisioned(&declared.block, env),
            });
        }
    }
}
