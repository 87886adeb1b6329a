//! CloudFormation templates, SAM templates and CDK output, up to stacks of resources.
//!
//! A text becomes a tree with spans (`yaml`, `json`), a tree with resources a `Template`, and a template is
//! evaluated in a `Scope`: values under what is assumed where they stand (`worlds`), so that contradictory
//! conditions never meet in one value.

mod circle;
mod condition;
mod construct;
mod content;
mod document;
mod expand;
mod exports;
mod given;
mod intrinsics;
mod json;
mod ledger;
mod mend;
mod nested;
mod parameter;
mod published;
mod sam;
mod samconfig;
mod scalar;
mod scope;
mod stack;
mod template;
#[cfg(test)]
mod tests;
mod tree;
mod worlds;
mod yaml;

pub use given::read_parameters;

use crate::diagnostic::Problem;
use crate::resource::{Dialect, Stack};
use crate::source::{Files, ReadError, Sources, file_name, lies_below};
use construct::Manifests;
use exports::Exports;
use rayon::prelude::*;
use scope::Run;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use template::Template;

/// What the command line adds to the templates.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values for parameters, by name; each template takes those that it declares.
    pub parameters: Vec<(String, String)>,
    /// The value of `AWS::Region`, which is unknown without it.
    pub region: Option<String>,
    /// Directories, normalised, whose templates nested stacks take from a bucket.
    pub template_dirs: Vec<String>,
    /// Templates in those directories that are not linted for themselves, but may be called.
    pub offered: Vec<String>,
    /// What the environment that is looked at gives to some templates, later ones being stronger; what stands above is
    /// stronger still.
    pub given: Vec<Given>,
}

/// Inputs of the templates at or below a path.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub below: String,
    pub parameters: Vec<(String, String)>,
    pub region: Option<String>,
    /// The value of `AWS::StackName`; nested stacks have names of their own.
    pub stack_name: Option<String>,
    pub template_dirs: Vec<String>,
}

impl Options {
    /// The parameters for a template that no other one calls; later ones win.
    fn parameters_of<'a>(&'a self, template: &str) -> impl Iterator<Item = &'a (String, String)> {
        self.given_to(template).flat_map(|given| &given.parameters).chain(&self.parameters)
    }

    /// The region that a template is deployed to, nested ones with the one that calls them.
    fn region_of(&self, template: &str) -> Option<&String> {
        self.region.as_ref().or_else(|| self.given_to(template).filter_map(|given| given.region.as_ref()).last())
    }

    fn stack_name_of(&self, template: &str) -> Option<&String> {
        self.given_to(template).filter_map(|given| given.stack_name.as_ref()).last()
    }

    /// The directories in which the template's nested stacks are looked for.
    fn template_dirs_of(&self, template: &str) -> Vec<&str> {
        let given = self.given_to(template).flat_map(|given| &given.template_dirs);
        given.chain(&self.template_dirs).map(String::as_str).collect()
    }

    fn given_to<'a>(&'a self, template: &str) -> impl Iterator<Item = &'a Given> {
        self.given.iter().filter(move |given| lies_below(template, &given.below))
    }
}

/// For each of `environments` one stack for each template among `paths` that is not called as a nested stack by another
/// one, sorted by path. Files are read once for all environments.
///
/// Files that are no templates are passed over silently; a file that is a template but broken becomes a stack with a problem.
pub fn stacks(paths: &[String], files: &dyn Files, sources: &Sources, environments: &[Options]) -> Vec<Vec<Stack>> {
    let offered: BTreeSet<&String> = environments.iter().flat_map(|options| &options.offered).collect();
    let offered: Vec<&String> = offered.into_iter().filter(|path| !paths.contains(path)).collect();
    let all: Vec<&String> = paths.iter().chain(offered.iter().copied()).collect();
    let loaded: Vec<Result<Template, Stack>> =
        all.par_iter().filter_map(|path| load_file(path, files, sources)).collect();
    let mut templates: BTreeMap<String, Arc<Template>> = BTreeMap::new();
    let mut broken: Vec<Stack> = Vec::new();
    for result in loaded {
        match result {
            Ok(template) => {
                templates.insert(template.path.to_string(), Arc::new(template));
            }
            Err(stack) if offered.iter().any(|path| **path == *stack.id) => {}
            Err(stack) => broken.push(stack),
        }
    }
    let manifests = Manifests::read(files, templates.values().map(|template| &**template));
    let evaluate = |options: &Options| {
        let is_offered = |path: &str| offered.iter().any(|offered| *offered == path);
        let roots = roots(&templates, options, &is_offered);
        let exports = Exports::default();
        let mut run = Run { files, sources, options, templates: templates.clone(), exports, manifests: &manifests };
        run.exports = Exports::collect(&run, &roots);
        let mut stacks: Vec<Stack> = roots.par_iter().map(|template| stack::stack(&run, template)).collect();
        stacks.extend(broken.iter().cloned());
        stacks.sort_by(|a, b| a.id.cmp(&b.id));
        stacks
    };
    environments.iter().map(evaluate).collect()
}

fn load_file(path: &str, files: &dyn Files, sources: &Sources) -> Option<Result<Template, Stack>> {
    match files.read(path) {
        Ok(text) => {
            let text: Arc<str> = text.into();
            if !text.contains("Resources") {
                return None;
            }
            let file = sources.add(path, Arc::clone(&text));
            template::load(path, &text, file).map(Ok)
        }
        Err(error) => unreadable(path, &error).map(Err),
    }
}

/// A file that cannot be read is spoken of only where its name says that it is a template.
fn unreadable(path: &str, error: &ReadError) -> Option<Stack> {
    let name = file_name(path).to_ascii_lowercase();
    if !name.contains("template") || *error == ReadError::NotFound {
        return None;
    }
    Some(Stack {
        id: path.into(),
        dialect: Dialect::CloudFormation,
        files: 0,
        resources: Vec::new(),
        outputs: BTreeMap::new(),
        unresolved: Vec::new(),
        problems: vec![Problem::warning(format!("{path} {error}"), None)],
    })
}

/// Templates that no other one calls; of templates that only call each other, the first. One that is only offered is none,
/// and calls nothing unless it is called.
fn roots(
    templates: &BTreeMap<String, Arc<Template>>,
    options: &Options,
    is_offered: &dyn Fn(&str) -> bool,
) -> Vec<Arc<Template>> {
    let mut calls: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, template) in templates {
        let others = nested::called(template, templates, options);
        calls.insert(path.as_str(), others.into_iter().filter(|other| other != path).collect());
    }
    let mut called: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = calls.keys().copied().filter(|path| !is_offered(path)).collect();
    while let Some(caller) = open.pop() {
        for other in calls.get(caller).into_iter().flatten() {
            if called.insert(other.as_str()) && is_offered(other) {
                open.push(other.as_str());
            }
        }
    }
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut roots: Vec<Arc<Template>> = Vec::new();
    let linted = || templates.iter().filter(|(path, _)| !is_offered(path));
    let first = linted().filter(|(path, _)| !called.contains(path.as_str()));
    let rest = linted().filter(|(path, _)| called.contains(path.as_str()));
    for (path, template) in first.chain(rest) {
        if reached.contains(path.as_str()) {
            continue;
        }
        roots.push(Arc::clone(template));
        let mut open: Vec<&str> = vec![path.as_str()];
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                for other in calls.get(next).into_iter().flatten() {
                    if let Some((other, _)) = templates.get_key_value(other) {
                        open.push(other.as_str());
                    }
                }
            }
        }
    }
    roots
}
