//! Evaluates one root module with all that it calls: lazily, each value once, within bounds.

use super::Options;
use super::across::Shared;
use super::ast::{Attribute, Block, Expr};
use super::configuration::{Library, Module};
use super::datum::{Datum, Evaluated, Fault, Key};
use super::expansion::Expansion;
use super::identity::Written;
use super::types::{self, Type};
use crate::diagnostic::Problem;
use crate::resource::Address;
use crate::source::{Span, join_path};
use crate::value::{Reason, When};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// One root is given up after this many evaluations of an expression; the largest real roots need a hundredth.
const MOST_STEPS: u64 = 10_000_000;

/// The same for one argument with all that it needs, so that one hostile argument leaves the others their share.
const MOST_STEPS_AT_ONCE: u64 = 500_000;

/// Values that one value is made of, shared ones counted each time.
const LARGEST_VALUE: usize = 400_000;

/// So many of them cost a step wherever the value is used, because most uses look at a few only.
const WEIGHT_OF_A_STEP: usize = 1_024;

/// Bytes of one text, of all texts made for one argument, and of all made for a root.
const LARGEST_TEXT: usize = 4 << 20;
const MOST_TEXT_AT_ONCE: usize = 32 << 20;
const MOST_TEXT: usize = 512 << 20;

/// Expressions within expressions, references followed included. The stack of the evaluating thread is sized for it.
const DEEPEST: u32 = 1_000;

/// Module calls within module calls; a module that calls itself ends here.
const DEEPEST_MODULE: usize = 16;

/// Instances of modules in one root.
const MOST_SCOPES: usize = 4_000;

const UNDECLARED_VARIABLE: &str = "no such variable is declared";

const GENERATED: &str =
    "if Terragrunt writes the declaration, run `terragrunt init` and lint its copy of the code in .terragrunt-cache";

pub(crate) struct Evaluator<'a> {
    pub(crate) library: &'a Library<'a>,
    pub(crate) options: &'a Options,
    /// What the other root modules give.
    pub(crate) shared: &'a Shared,
    /// Directory of the root module; what `path.root` means.
    pub(crate) root: String,
    scopes: RefCell<Vec<Rc<Scope>>>,
    isolated: RefCell<Option<Rc<Scope>>>,
    problems: RefCell<Vec<Problem>>,
    reported: RefCell<HashSet<(Option<Span>, String)>>,
    pub(crate) unresolved: RefCell<BTreeMap<Address, Span>>,
    /// Texts of expressions that unknowns are named after.
    pub(crate) written: RefCell<HashMap<Span, Rc<Written>>>,
    /// `.terraform/modules/modules.json`: module path (`a.b`) to directory.
    pub(crate) installed: BTreeMap<String, String>,
    steps: Cell<u64>,
    /// Steps and bytes of text at which the argument that is being evaluated is given up.
    step_limit: Cell<u64>,
    text_limit: Cell<usize>,
    depth: Cell<u32>,
    /// Bytes of text made so far.
    text: Cell<usize>,
    /// Whether any value was marked sensitive; until then no value is searched for the mark.
    pub(crate) sensitive_seen: Cell<bool>,
}

/// An instance of a module.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) id: usize,
    pub(crate) module: Arc<Module>,
    /// Address of the instance with a dot behind; empty for the root.
    pub(crate) prefix: String,
    /// Names of the calls that lead here, joined by dots: the key in `modules.json`.
    pub(crate) path: String,
    pub(crate) depth: usize,
    pub(crate) calls: Vec<Span>,
    /// The condition under which the instance exists.
    pub(crate) when: Option<When>,
    inputs: Inputs,
    memo: RefCell<HashMap<Slot, Memo<Datum>>>,
    expansions: RefCell<HashMap<Expanded, Memo<Rc<Expansion>>>>,
    /// Instances of called modules; `None` where the module's code is not there.
    children: RefCell<HashMap<Called, Option<usize>>>,
}

/// A module call's name and the key of its instance.
type Called = (Arc<str>, Option<Key>);

#[derive(Debug)]
pub(crate) enum Inputs {
    /// Values from variable files and the command line.
    Root(BTreeMap<Arc<str>, Datum>),
    /// The arguments of the call with this name in the parent, as the instance sees them.
    Call { parent: usize, name: Arc<str>, repetition: Box<Repetition> },
}

/// What `count.index`, `each.key` and `each.value` stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repetition {
    pub(crate) key: Option<Key>,
    pub(crate) index: Option<Datum>,
    pub(crate) each: Option<(Datum, Datum)>,
    /// The block's address, where this is one instance that stands for an unknown number of them.
    pub(crate) all_of: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    Variable(Arc<str>),
    Local(Arc<str>),
    Output(Arc<str>),
    Argument(usize, Option<Key>, Arc<str>),
}

/// A block with `count` or `for_each`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Expanded {
    Resource(usize),
    Module(Arc<str>),
}

#[derive(Debug)]
enum Memo<T> {
    InProgress,
    Done(T),
}

/// Where an expression is evaluated: a module instance, the repetition of its block, names bound by `for` and `dynamic`.
#[derive(Clone, Copy)]
pub(crate) struct Env<'e> {
    pub(crate) scope: &'e Rc<Scope>,
    pub(crate) repetition: &'e Repetition,
    pub(crate) bindings: Option<&'e Binding<'e>>,
}

pub(crate) struct Binding<'e> {
    pub(crate) name: &'e str,
    pub(crate) value: Datum,
    pub(crate) outer: Option<&'e Self>,
}

impl<'e> Env<'e> {
    pub(crate) fn new(scope: &'e Rc<Scope>, repetition: &'e Repetition) -> Self {
        Self { scope, repetition, bindings: None }
    }

    pub(crate) fn binding(&self, name: &str) -> Option<&'e Datum> {
        let mut next = self.bindings;
        while let Some(binding) = next {
            if binding.name == name {
                return Some(&binding.value);
            }
            next = binding.outer;
        }
        None
    }
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(library: &'a Library<'a>, options: &'a Options, shared: &'a Shared, root: &str) -> Self {
        Self {
            library,
            options,
            shared,
            root: root.to_owned(),
            scopes: RefCell::default(),
            isolated: RefCell::default(),
            problems: RefCell::default(),
            reported: RefCell::default(),
            unresolved: RefCell::default(),
            written: RefCell::default(),
            installed: super::modules::installed(library.files, root),
            steps: Cell::new(0),
            step_limit: Cell::new(MOST_STEPS_AT_ONCE),
            text_limit: Cell::new(MOST_TEXT_AT_ONCE),
            depth: Cell::new(0),
            text: Cell::new(0),
            sensitive_seen: Cell::new(false),
        }
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// Reports once for each place and message.
    pub(crate) fn report(&self, problem: Problem) {
        // What nobody declares is missing once, however often it is used.
        let place = problem.span.filter(|_| !problem.message.ends_with(UNDECLARED_VARIABLE));
        let fresh = problem.span.is_none() || self.reported.borrow_mut().insert((place, problem.message.clone()));
        if fresh {
            self.problems.borrow_mut().push(problem);
        }
    }

    pub(crate) fn add_root(&self, module: Arc<Module>, inputs: BTreeMap<Arc<str>, Datum>) -> Rc<Scope> {
        let scope = Scope {
            id: 0,
            module,
            prefix: String::new(),
            path: String::new(),
            depth: 0,
            calls: Vec::new(),
            when: None,
            inputs: Inputs::Root(inputs),
            memo: RefCell::default(),
            expansions: RefCell::default(),
            children: RefCell::default(),
        };
        self.push_scope(scope)
    }

    /// A module without anything declared: what a template file sees beside its variables.
    pub(crate) fn isolated(&self) -> Rc<Scope> {
        if let Some(scope) = self.isolated.borrow().as_ref() {
            return Rc::clone(scope);
        }
        let scope = self.add_root(Arc::new(Module::default()), BTreeMap::new());
        *self.isolated.borrow_mut() = Some(Rc::clone(&scope));
        scope
    }

    /// `path.module` of a module: its directory as Terraform names it, seen from the root module's.
    pub(crate) fn relative_directory(&self, directory: &str) -> String {
        relative(&self.root, directory)
    }

    fn push_scope(&self, mut scope: Scope) -> Rc<Scope> {
        let mut scopes = self.scopes.borrow_mut();
        scope.id = scopes.len();
        let scope = Rc::new(scope);
        scopes.push(Rc::clone(&scope));
        scope
    }

    pub(crate) fn scope(&self, id: usize) -> Option<Rc<Scope>> {
        self.scopes.borrow().get(id).map(Rc::clone)
    }

    /// The module instance that an address lies in, as deep as they are known.
    pub(crate) fn innermost(&self, address: &str) -> Option<Rc<Scope>> {
        let scopes = self.scopes.borrow();
        let holding = scopes.iter().filter(|scope| address.starts_with(&scope.prefix));
        // The root is the first of those without a prefix.
        holding.reduce(|best, scope| if scope.prefix.len() > best.prefix.len() { scope } else { best }).map(Rc::clone)
    }

    /// The module instance that calls this one, and the name of the call.
    pub(crate) fn caller(&self, scope: &Scope) -> Option<(Rc<Scope>, Arc<str>)> {
        match &scope.inputs {
            Inputs::Root(_) => None,
            Inputs::Call { parent, name, .. } => Some((self.scope(*parent)?, Arc::clone(name))),
        }
    }

    /// The instance of the module that `scope` calls by `name`; `None` where its code is not there.
    pub(crate) fn child(
        &self,
        scope: &Rc<Scope>,
        name: &Arc<str>,
        repetition: &Repetition,
        when: Option<&When>,
    ) -> Option<Rc<Scope>> {
        let slot = (Arc::clone(name), repetition.key.clone());
        if let Some(known) = scope.children.borrow().get(&slot) {
            return known.and_then(|id| self.scope(id));
        }
        let child = self.make_child(scope, name, repetition, when);
        scope.children.borrow_mut().insert(slot, child.as_ref().map(|child| child.id));
        child
    }

    fn make_child(
        &self,
        scope: &Rc<Scope>,
        name: &Arc<str>,
        repetition: &Repetition,
        when: Option<&When>,
    ) -> Option<Rc<Scope>> {
        let call = scope.module.calls.get(name)?;
        let address = format!("{}module.{name}{}", scope.prefix, Key::suffix(repetition.key.as_ref()));
        let path = if scope.path.is_empty() { name.to_string() } else { format!("{}.{name}", scope.path) };
        if scope.depth >= DEEPEST_MODULE || self.scopes.borrow().len() >= MOST_SCOPES {
            let message = format!("{address} is not analysed: modules call modules too deeply or too often");
            self.report(Problem::error(message, Some(call.header)));
            self.unresolved.borrow_mut().insert(Address::new(address), call.header);
            return None;
        }
        let Some(module) = super::modules::find(self, scope, call, &path, &address) else {
            self.unresolved.borrow_mut().insert(Address::new(address), call.header);
            return None;
        };
        let mut calls = scope.calls.clone();
        calls.push(call.header);
        Some(self.push_scope(Scope {
            id: 0,
            module,
            prefix: format!("{address}."),
            path,
            depth: scope.depth + 1,
            calls,
            when: When::both(scope.when.as_ref(), when),
            inputs: Inputs::Call { parent: scope.id, name: Arc::clone(name), repetition: Box::new(repetition.clone()) },
            memo: RefCell::default(),
            expansions: RefCell::default(),
            children: RefCell::default(),
        }))
    }

    /// Runs `work` one level deeper, if the bounds allow.
    pub(crate) fn bounded(&self, span: Span, work: impl FnOnce() -> Evaluated) -> Evaluated {
        let depth = self.depth.get();
        if depth == 0 {
            self.step_limit.set(self.steps.get().saturating_add(MOST_STEPS_AT_ONCE).min(MOST_STEPS));
            self.text_limit.set(self.text.get().saturating_add(MOST_TEXT_AT_ONCE).min(MOST_TEXT));
        }
        let steps = self.steps.get() + 1;
        if steps > self.step_limit.get() {
            return Err(self.too_large("this needs too many evaluation steps", span));
        }
        self.steps.set(steps);
        if depth >= DEEPEST {
            return Err(self.too_large("this expression is nested too deeply", span));
        }
        self.depth.set(depth + 1);
        let result = work();
        self.depth.set(depth);
        result
    }

    /// Counts `items` elements made at once.
    pub(crate) fn charge(&self, items: usize, span: Span) -> Result<(), Box<Fault>> {
        let steps = self.steps.get().saturating_add(items as u64);
        if steps > self.step_limit.get() {
            return Err(self.too_large("this makes too many elements", span));
        }
        self.steps.set(steps);
        Ok(())
    }

    /// Counts what a walk over the value costs: a few lists of lists of one another are a tree that no memory holds.
    pub(crate) fn weigh(&self, value: &Datum, span: Span) -> Result<(), Box<Fault>> {
        if value.weight() > LARGEST_VALUE {
            return Err(self.too_large("this makes too many elements", span));
        }
        self.charge(value.weight() / WEIGHT_OF_A_STEP, span)
    }

    /// Counts `bytes` of text made at once.
    pub(crate) fn charge_text(&self, bytes: usize, span: Span) -> Result<(), Box<Fault>> {
        let total = self.text.get().saturating_add(bytes);
        if bytes > LARGEST_TEXT || total > self.text_limit.get() {
            return Err(self.too_large("this makes too much text", span));
        }
        self.text.set(total);
        Ok(())
    }

    pub(crate) fn too_large(&self, what: &str, span: Span) -> Box<Fault> {
        self.report(Problem::error(format!("{what}; the value is unknown"), Some(span)));
        Fault::new(Reason::TooLarge, self.text_of(span), span)
    }

    /// The value at a boundary: what fails becomes an unknown, and a problem if the code is wrong.
    pub(crate) fn settle(&self, result: Evaluated) -> Datum {
        match result {
            Ok(datum) => datum,
            Err(fault) => self.settle_fault(*fault),
        }
    }

    /// Whether Terragrunt completes the root module, so that a part of it is not in the code.
    fn is_generated_for(&self) -> bool {
        self.library.files.exists(&join_path(&self.root, "terragrunt.hcl"))
    }

    fn settle_fault(&self, mut fault: Fault) -> Datum {
        if fault.unknown.what.is_empty() {
            fault.unknown.what = self.text_of(fault.span).into();
        }
        if let Reason::Invalid(why) = &fault.unknown.reason {
            let problem = Problem::warning(format!("`{}`: {why}", fault.unknown.what), Some(fault.span));
            let generated = &**why == UNDECLARED_VARIABLE && self.is_generated_for();
            self.report(if generated { problem.with_help(GENERATED) } else { problem });
        }
        fault.into_datum()
    }

    /// The memoised value of a slot. A slot that needs itself is a fault.
    pub(crate) fn memoised(&self, scope: &Scope, slot: Slot, span: Span, work: impl FnOnce() -> Datum) -> Evaluated {
        match scope.memo.borrow().get(&slot) {
            Some(Memo::Done(value)) => return Ok(value.clone()),
            Some(Memo::InProgress) => return Err(Fault::invalid("it depends on itself", span)),
            None => {}
        }
        scope.memo.borrow_mut().insert(slot.clone(), Memo::InProgress);
        let value = work();
        scope.memo.borrow_mut().insert(slot, Memo::Done(value.clone()));
        Ok(value)
    }

    /// The memoised instances of a block.
    pub(crate) fn expansion(&self, scope: &Rc<Scope>, of: &Expanded) -> Result<Rc<Expansion>, Box<Fault>> {
        let declared = match of {
            Expanded::Resource(index) => {
                scope.module.resources.get(*index).map(|declared| (declared.address.to_string(), &declared.block))
            }
            Expanded::Module(name) => scope.module.calls.get(name).map(|call| (format!("module.{name}"), call)),
        };
        let Some((address, block)) = declared else { return Ok(Rc::new(Expansion::single())) };
        match scope.expansions.borrow().get(of) {
            Some(Memo::Done(expansion)) => return Ok(Rc::clone(expansion)),
            Some(Memo::InProgress) => return Err(Fault::invalid("it depends on itself", block.header)),
            None => {}
        }
        scope.expansions.borrow_mut().insert(of.clone(), Memo::InProgress);
        let expansion = Rc::new(self.expand(scope, &address, block));
        scope.expansions.borrow_mut().insert(of.clone(), Memo::Done(Rc::clone(&expansion)));
        Ok(expansion)
    }

    pub(crate) fn variable(&self, scope: &Rc<Scope>, name: &Arc<str>, span: Span) -> Evaluated {
        let Some(block) = scope.module.variables.get(name) else {
            return undeclared(scope, format!("var.{name}"), UNDECLARED_VARIABLE, span);
        };
        self.memoised(scope, Slot::Variable(Arc::clone(name)), span, || self.variable_value(scope, name, block))
    }

    fn variable_value(&self, scope: &Rc<Scope>, name: &Arc<str>, block: &Block) -> Datum {
        let none = Repetition::default();
        let env = Env::new(scope, &none);
        let flag = |attribute: &str| {
            let expr = block.body.attribute(attribute).map(|attribute| &attribute.expr)?;
            match self.evaluate(expr, env).ok()?.kind {
                super::datum::Kind::Bool(value) => Some(value),
                _ => None,
            }
        };
        let constraint = block.body.attribute("type").map_or(Type::Any, |attribute| {
            Type::read(&attribute.expr, &|expr: &Expr| self.settle(self.evaluate(expr, env)))
        });
        let default = block.body.attribute("default");
        let given = self.input(scope, name);
        let value_of = |default: &Attribute| self.settle(self.evaluate(&default.expr, env));
        let sensitive = flag("sensitive") == Some(true);
        if sensitive {
            self.sensitive_seen.set(true);
        }
        let value = match (given, default) {
            (Some(value), Some(default)) if flag("nullable") == Some(false) => {
                let span = value.origin.used_at();
                self.settle(types::or_default(value, &value_of(default), span))
            }
            (Some(value), _) => value,
            (None, Some(default)) => value_of(default),
            (None, None) => {
                let what = format!("{}var.{name}", scope.prefix);
                return Datum::unknown(Reason::NoValue, what, block.header).marked(sensitive);
            }
        };
        let span = value.origin.used_at();
        let converted = types::convert(value, &constraint, span).map_err(|mut fault| {
            // The code that is at fault would be said.
            if sensitive {
                fault.unknown.what = format!("{}var.{name}", scope.prefix).into();
            }
            fault
        });
        self.settle(converted).marked(sensitive)
    }

    fn input(&self, scope: &Scope, name: &Arc<str>) -> Option<Datum> {
        match &scope.inputs {
            Inputs::Root(values) => values.get(name).cloned(),
            Inputs::Call { parent, name: call, repetition } => {
                let parent = self.scope(*parent)?;
                let attribute = parent.module.calls.get(call)?.body.attribute(name)?;
                let value = self.settle(self.evaluate(&attribute.expr, Env::new(&parent, repetition)));
                Some(value.through(attribute.span))
            }
        }
    }

    pub(crate) fn local(&self, scope: &Rc<Scope>, name: &Arc<str>, span: Span) -> Evaluated {
        let Some(attribute) = scope.module.locals.get(name) else {
            return undeclared(scope, format!("local.{name}"), "no such local is declared", span);
        };
        self.memoised(scope, Slot::Local(Arc::clone(name)), span, || {
            self.settle(self.evaluate(&attribute.expr, Env::new(scope, &Repetition::default())))
        })
    }

    pub(crate) fn output(&self, scope: &Rc<Scope>, name: &Arc<str>, span: Span) -> Evaluated {
        let Some(block) = scope.module.outputs.get(name) else {
            let (output, why) = (format!("output.{name}"), format!("the module has no output \"{name}\""));
            return if scope.module.unread.is_some() {
                undeclared(scope, output, &why, span)
            } else {
                Err(Fault::invalid(why, span))
            };
        };
        let Some(value) = block.body.attribute("value") else { return Ok(Datum::null(block.header)) };
        self.memoised(scope, Slot::Output(Arc::clone(name)), span, || {
            let env = Repetition::default();
            let env = Env::new(scope, &env);
            let sensitive = block.body.attribute("sensitive").is_some_and(|flag| {
                matches!(self.evaluate(&flag.expr, env), Ok(Datum { kind: super::datum::Kind::Bool(true), .. }))
            });
            if sensitive {
                self.sensitive_seen.set(true);
            }
            self.settle(self.evaluate(&value.expr, env)).marked(sensitive)
        })
    }
}

/// What is declared nowhere in the module: unknown where it may stand in what could not be read, else a fault.
pub(crate) fn undeclared(scope: &Scope, what: String, why: &str, span: Span) -> Evaluated {
    match &scope.module.unread {
        Some(file) => Ok(Datum::unknown(Reason::Unread(Arc::clone(file)), format!("{}{what}", scope.prefix), span)),
        None => Err(Fault::new(Reason::Invalid(why.into()), what, span)),
    }
}

/// The way from one directory to another, both relative to the same place.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = to.split('/').filter(|part| !part.is_empty()).collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let way: Vec<&str> = up.chain(to.into_iter().skip(shared)).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}
