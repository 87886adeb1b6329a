//! Terraform: from directories of configuration to stacks of evaluated resources.
//!
//! `hcl` and `json` lower text to `ast`; `configuration` gathers a directory; `evaluator` computes values on demand,
//! `expression`, `traversal`, `operators` and `functions` being its parts; `body` and `stack` make resources of them.

mod across;
mod ast;
mod backend;
mod body;
mod carve;
mod choice;
mod comprehension;
mod configuration;
mod cut;
mod data;
mod datum;
mod equality;
mod evaluator;
mod expansion;
mod expression;
mod float;
mod foreign;
mod functions;
mod hcl;
mod identity;
mod inputs;
mod json;
mod literal;
mod lookup;
mod maps;
mod modules;
mod operators;
mod order;
mod plan;
mod policy;
mod presence;
mod provider;
mod repair;
mod scan;
mod stack;
mod template;
mod traversal;
mod types;
mod unify;

#[cfg(test)]
mod tests;

pub use plan::with_plans;

use crate::resource::Stack;
use crate::source::{Files, Sources, lies_below, normalize, parent};
use across::Shared;
use configuration::Library;
use rayon::prelude::*;
use stack::Root;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the command line adds to the code.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Directories that were named on the command line: each is a root, even where code in it or below calls it as a
    /// module, as a module's own examples do.
    pub named: Vec<String>,
    /// What the command line gives to variables, in order; later ones win.
    pub inputs: Vec<Input>,
    /// Values from `TF_VAR_` environment variables, names without the prefix.
    pub environment: Vec<(String, String)>,
    /// What `terraform.workspace` is; `default` if `None`.
    pub workspace: Option<String>,
    /// The region where no provider configuration says one.
    pub region: Option<String>,
    /// What the environment that is looked at gives to some root modules, later ones being stronger; what stands above is
    /// stronger still.
    pub given: Vec<Given>,
}

/// What gives values to variables of a root module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A variable file; its path as given, readable through [`Files`].
    File(String),
    Value {
        name: String,
        text: String,
    },
}

/// Inputs of the root modules at or below a directory.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub below: String,
    pub var_files: Vec<String>,
    pub workspace: Option<String>,
    pub region: Option<String>,
}

impl Options {
    /// Whether the environment gives inputs to the root module.
    fn is_given(&self, root: &str) -> bool {
        self.given.iter().any(|given| lies_below(&normalize(root), &given.below))
    }

    /// The options for one root module, with what the environment gives to it.
    fn for_root(&self, directory: &str) -> Self {
        let given: Vec<&Given> = self.given.iter().filter(|given| lies_below(directory, &given.below)).collect();
        let last = |pick: fn(&Given) -> Option<String>| given.iter().rev().find_map(|given| pick(given));
        let files = given.iter().flat_map(|given| &given.var_files).cloned().map(Input::File);
        Self {
            inputs: files.chain(self.inputs.iter().cloned()).collect(),
            workspace: self.workspace.clone().or_else(|| last(|given| given.workspace.clone())),
            region: self.region.clone().or_else(|| last(|given| given.region.clone())),
            ..self.clone()
        }
    }
}

/// Evaluation is recursive within the evaluator's bounds; this holds its deepest nesting with room to spare.
const STACK_BYTES: usize = 256 << 20;

/// For each of `environments` one stack for each root module directory among `paths`: all files found below the linted
/// paths, relative to the working directory, with forward slashes. Files are parsed once for all environments.
///
/// A directory that another found directory calls as a local module is no root, unless the options name it. Never fails:
/// what is wrong becomes a problem of its stack.
pub fn stacks(paths: &[String], files: &dyn Files, sources: &Sources, environments: &[Options]) -> Vec<Vec<Stack>> {
    let library = Library::new(files, sources);
    let evaluate = |options: &Options| {
        let roots = roots(paths, &library, options);
        let nothing = Shared::default();
        let alone = roots.par_iter().map(|directory| stack::evaluate(directory, &library, options, &nothing));
        joined(alone.collect(), &library, options)
    };
    on_a_deep_stack(|| environments.iter().map(evaluate).collect())
}

/// The stacks again, with what they give to one another: those that read from others are evaluated until nothing changes.
fn joined(mut roots: Vec<Root>, library: &Library<'_>, options: &Options) -> Vec<Stack> {
    if roots.iter().any(Shared::concerns) {
        let directory = |root: &Root| if &*root.stack.id == "." { String::new() } else { root.stack.id.to_string() };
        let states = roots
            .iter()
            .filter_map(|root| Some((Arc::clone(&root.stack.id), stack::state(&directory(root), library, options)?)))
            .collect();
        let mut before = Shared::default();
        for _ in 0..across::MOST_ROUNDS {
            let shared = Shared::of(&roots, &states, library);
            if shared == before {
                break;
            }
            roots.par_iter_mut().filter(|root| Shared::concerns(root)).for_each(|root| {
                *root = stack::evaluate(&directory(root), library, options, &shared);
            });
            before = shared;
        }
    }
    roots.into_iter().map(|root| root.stack).collect()
}

fn on_a_deep_stack<T: Send>(evaluate: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build() {
        Ok(pool) => pool.install(evaluate),
        Err(_) => evaluate(),
    }
}

/// The directories that hold configuration and are named, or not called by another.
fn roots(paths: &[String], library: &Library<'_>, options: &Options) -> Vec<String> {
    let directories: BTreeSet<String> =
        paths.iter().filter(|path| is_configuration(path)).map(|path| normalize(parent(path))).collect();
    let directories: Vec<String> = directories.into_iter().collect();
    let called: BTreeSet<String> = directories
        .par_iter()
        .filter_map(|directory| library.module(directory))
        .flat_map_iter(|module| {
            let called = stack::called(&module, library, options);
            called.into_iter().filter(|directory| *directory != module.directory).collect::<Vec<_>>()
        })
        .collect();
    let named: BTreeSet<String> = options.named.iter().map(|directory| normalize(directory)).collect();
    directories.into_iter().filter(|directory| named.contains(directory) || !called.contains(directory)).collect()
}

fn is_configuration(path: &str) -> bool {
    let installed = path.split('/').any(|part| part == ".terraform");
    !installed && configuration::EXTENSIONS.iter().any(|end| path.ends_with(end))
}
