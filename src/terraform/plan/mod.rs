//! Plans as `terraform show -json` writes them.
//!
//! A plan knows more than the code: every value that does not wait for deployment, and modules that are not on disk. The
//! code knows places, and how an unknown is made. So a plan takes the place of its root module's stack, and where the
//! code is there, its resources get their places from it.

mod document;
mod places;
mod references;
mod values;

use super::across::Shared;
use super::{Options, configuration, stack};
use crate::diagnostic::Problem;
use crate::resource::{Address, Dialect, Existence, Language, Mode, Resource, Stack};
use crate::source::{Files, Sources, Span, normalize, parent};
use crate::value::Value;
use configuration::Library;
use document::{Document, Planned, Raw, open};
use references::{Place, References};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;
use std::sync::Arc;
use values::{Marked, Names, Reading};

/// Reads each plan and puts it in the place of the root module that it was made of, if that is among `roots`. With
/// several plans of one root module each is a stack of its own, under the path of the plan.
pub fn with_plans(
    roots: Vec<Stack>,
    plans: &[String],
    files: &dyn Files,
    sources: &Sources,
    options: &Options,
) -> Vec<Stack> {
    let mut stacks = roots;
    let read: Vec<Read> = plans.iter().map(|path| plan(path, files, sources, &stacks, options)).collect();
    // Which environment a plan was made for is not known: it must not speak for all of them.
    let read: Vec<Read> =
        read.into_iter().filter(|read| read.root.as_ref().is_none_or(|root| !options.is_given(root))).collect();
    let of = |id: &Arc<str>| read.iter().filter(|read| read.root.as_ref() == Some(id) && !read.is_old).count();
    let planned: BTreeMap<Arc<str>, usize> =
        read.iter().filter_map(|read| read.root.clone()).map(|root| (Arc::clone(&root), of(&root))).collect();
    stacks.retain(|stack| planned.get(&stack.id).is_none_or(|plans| *plans == 0));
    for Read { root, stack, is_old } in read {
        let place = root.as_ref().and_then(|root| stacks.iter_mut().find(|code| code.id == *root));
        match (root, place) {
            // Its own problems are known already.
            (_, Some(code)) if is_old => code.problems.extend(stack.problems.into_iter().last()),
            (Some(root), None) if planned.get(&root) == Some(&1) || is_old => stacks.push(Stack { id: root, ..stack }),
            _ => stacks.push(stack),
        }
    }
    stacks
}

/// What a plan says.
struct Read {
    /// The id of the root module that it was made of.
    root: Option<Arc<str>>,
    stack: Stack,
    /// It lacks what the code has: the stack is that of the code then.
    is_old: bool,
}

impl Read {
    fn alone(stack: Stack) -> Self {
        Self { root: None, stack, is_old: false }
    }
}

fn plan(path: &str, files: &dyn Files, sources: &Sources, roots: &[Stack], options: &Options) -> Read {
    // The text of a plan is one line and says nothing to a reader: only its name is kept.
    let span = Span::new(sources.add(path, ""), 0, 0);
    let mut stack = Stack {
        id: path.into(),
        dialect: Dialect::TerraformPlan,
        files: 1,
        resources: Vec::new(),
        outputs: BTreeMap::new(),
        unresolved: Vec::new(),
        problems: Vec::new(),
    };
    let reader = match files.open_large(path) {
        Ok(reader) => reader,
        Err(error) => {
            stack.problems.push(Problem::error(format!("{path} {error}"), Some(span)));
            return Read::alone(stack);
        }
    };
    let document: Document = match serde_json::from_reader(BufReader::new(reader)) {
        Ok(document) => document,
        Err(error) => {
            stack.problems.push(Problem::error(format!("{path} cannot be read as a plan: {error}"), Some(span)));
            return Read::alone(stack);
        }
    };
    stack.problems.extend(complaints(path, &document, span));
    let code = code_of(path, &document, roots, files, sources, options);
    read_resources(document, span, code.is_some(), &mut stack);
    let Some(code) = code else { return Read::alone(stack) };
    let root = Some(Arc::clone(&code.id));
    let missing = places::missing(&stack.resources, &code);
    if let Some(first) = missing.first() {
        let more = match missing.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!(
            "{path} lacks {first}{more} that the code has, and is not used: it is older than the code, or was made for a part \
             of it"
        );
        let mut old = code;
        old.problems.push(Problem::warning(message, Some(span)).with_help("make the plan again"));
        return Read { root, stack: old, is_old: true };
    }
    stack.resources = places::place(std::mem::take(&mut stack.resources), &code);
    stack.files += code.files;
    Read { root, stack, is_old: false }
}

/// What the plan itself says against taking it for the whole truth.
fn complaints(path: &str, document: &Document, span: Span) -> Vec<Problem> {
    let mut found = Vec::new();
    if document.planned_values.is_none() {
        let problem = Problem::error(format!("{path} holds a state and no plan"), Some(span));
        found.push(problem.with_help("write it with `terraform plan -out=FILE` and `terraform show -json FILE`"));
    }
    if !document.format_version.starts_with("1.") && !document.format_version.starts_with("0.") {
        let message = format!("{path} has format {}, which this version does not know", document.format_version);
        found.push(Problem::warning(message, Some(span)));
    }
    if document.complete == Some(false) || document.errored == Some(true) {
        let message = format!("{path} is no complete plan; what it leaves out is not analysed");
        found.push(Problem::error(message, Some(span)).with_help("plan without -target, until it ends without errors"));
    }
    found
}

/// The stack of the root module that the plan was made of: in the plan's directory, or the only one with its resources.
fn code_of(
    path: &str,
    document: &Document,
    roots: &[Stack],
    files: &dyn Files,
    sources: &Sources,
    options: &Options,
) -> Option<Stack> {
    let planned = document.planned_values.as_ref()?;
    let mut addresses = BTreeSet::new();
    planned.root_module.each(&mut |resource: &Planned| {
        if resource.mode == "managed" {
            addresses.insert(Address::new(resource.address.as_str()).without_keys());
        }
    });
    let own = |stack: &Stack| -> BTreeSet<String> {
        stack.resources.iter().map(|resource| resource.address.without_keys()).collect()
    };
    let covers = |stack: &Stack| {
        let own = own(stack);
        let holds = |address: &String| {
            own.contains(address)
                || stack.unresolved.iter().any(|(module, _)| address.starts_with(&module.without_keys()))
        };
        addresses.iter().all(holds)
    };
    let shares = |stack: &Stack| !own(stack).is_disjoint(&addresses);
    let directory = normalize(parent(path));
    let id = if directory.is_empty() { "." } else { &directory };
    if let Some(beside) = roots.iter().find(|stack| &*stack.id == id && shares(stack)) {
        return Some(beside.clone());
    }
    let mut candidates =
        roots.iter().filter(|stack| stack.dialect == Dialect::Terraform && covers(stack) && shares(stack));
    if let Some(only) = candidates.next() {
        return candidates.next().is_none().then(|| only.clone());
    }
    let beside = super::on_a_deep_stack(|| {
        let library = Library::new(files, sources);
        let found = library.module(&directory).is_some();
        found.then(|| stack::evaluate(&directory, &library, options, &Shared::default()).stack)
    });
    beside.filter(shares)
}

fn read_resources(document: Document, span: Span, has_code: bool, stack: &mut Stack) {
    let Some(planned) = document.planned_values else { return };
    let changes = document.resource_changes.into_iter().filter(|change| change.deposed.is_none());
    let mut unknown: BTreeMap<String, Raw> =
        changes.map(|change| (change.address, change.change.after_unknown)).collect();
    let mut all: BTreeMap<String, Planned> = BTreeMap::new();
    for (module, only_data) in [(document.prior_state.values.root_module, true), (planned.root_module, false)] {
        collect(module, only_data, &mut all);
    }
    let addresses: Vec<String> = all.keys().cloned().collect();
    let references = References::new(&document.configuration.root_module, addresses.iter().map(String::as_str));
    let names = Names::default();
    // Each resource's text is dropped as soon as it is read.
    for (address, resource) in all {
        let place = references::place(&address);
        let reading = Reading {
            references: &references,
            names: &names,
            place: &place,
            name: &address,
            span,
            keep_computed: has_code,
        };
        let (value, sensitive) = (open(&resource.values), open(&resource.sensitive_values));
        let unknown = unknown.remove(&address).map_or(Json::Null, |unknown| open(&unknown));
        let marked = Marked { value: &value, unknown: &unknown, sensitive: &sensitive };
        stack.resources.push(Resource {
            address: Address::new(address.as_str()),
            type_name: resource.type_name.as_str().into(),
            language: Language::Terraform,
            mode: if resource.mode == "data" { Mode::Data } else { Mode::Managed },
            exists: Existence::Certain,
            body: reading.body(marked, &references.expressions(&place)),
            header: span,
            span,
            calls: Vec::new(),
            construct: None,
            account: None,
            region: None,
            is_region_open: false,
            provisioned: Vec::new(),
        });
    }
    let root = Place { module: String::new(), block: String::new() };
    for (name, output) in &planned.outputs {
        let label = format!("output.{name}");
        let reading =
            Reading { references: &references, names: &names, place: &root, name: &label, span, keep_computed: false };
        let unknown = Json::Bool(output.value.is_none());
        let marked =
            Marked { value: &open(&output.value), unknown: &unknown, sensitive: &Json::Bool(output.sensitive) };
        let value: Value = reading.single(marked, &references.output(name));
        stack.outputs.insert(name.as_str().into(), value);
    }
}

fn collect(module: document::Module, only_data: bool, all: &mut BTreeMap<String, Planned>) {
    for resource in module.resources {
        if !only_data || resource.mode == "data" {
            all.insert(resource.address.clone(), resource);
        }
    }
    module.child_modules.into_iter().for_each(|child| collect(child, only_data, all));
}
