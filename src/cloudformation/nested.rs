//! Nested stacks whose template is on disk: parameters go in, outputs come out.

use super::Options;
use super::published::published;
use super::scope::{Place, Scope};
use super::template::{Template, load};
use super::tree::{Entry, Node};
use crate::diagnostic::Problem;
use crate::resource::Address;
use crate::source::{ReadError, Span, join_path, parent};
use crate::value::{Reason, Value};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Levels of nested stacks that are followed.
const DEEPEST: usize = 10;

/// A nested stack on the way to its scope, without one, or with it.
pub(crate) enum Child<'a> {
    Busy,
    Absent,
    Loaded(Rc<Scope<'a>>),
}

/// The property that holds the template's place, for a resource that is a nested stack.
fn location_property(resource: &Node) -> Option<&'static str> {
    match resource.get("Type").and_then(|node| node.as_text()) {
        Some("AWS::CloudFormation::Stack") => Some("TemplateURL"),
        Some("AWS::Serverless::Application") => Some("Location"),
        _ => None,
    }
}

/// Where the resource says that its template lies.
fn written(entry: &Entry) -> Option<&Arc<Node>> {
    entry.value.get("Properties")?.get(location_property(&entry.value)?)
}

pub(crate) fn is_nested(resource: &Node) -> bool {
    location_property(resource).is_some()
}

/// The asset that a CDK application wrote beside the template: its `TemplateURL` points into a bucket.
fn asset(resource: &Node) -> Option<&Arc<Node>> {
    let metadata = resource.get("Metadata")?;
    let property = metadata.get("aws:asset:property").and_then(|node| node.as_text());
    metadata.get("aws:asset:path").filter(|_| property.is_none_or(|property| property == "TemplateURL"))
}

fn is_local(location: &str) -> bool {
    !location.is_empty() && !location.contains("://") && !location.contains("${") && !location.contains("{{resolve:")
}

/// The path that a location names: one that is written as text, or that of a template which is published.
fn path_of(
    location: &Node,
    template: &Template,
    templates: &BTreeMap<String, Arc<Template>>,
    options: &Options,
) -> Option<String> {
    let text = location.as_text().filter(|text| is_local(text));
    let local = text.map(|text| join_path(parent(&template.path), text));
    if local.as_ref().is_some_and(|path| templates.contains_key(path)) {
        return local;
    }
    let directories = options.template_dirs_of(&template.path);
    published(location, &template.path, templates, &directories).map(str::to_owned).or(local)
}

/// Paths of the templates that this one calls, as far as they follow from what is written.
pub(crate) fn called(
    template: &Template,
    templates: &BTreeMap<String, Arc<Template>>,
    options: &Options,
) -> Vec<String> {
    let resources = template.root.get("Resources").map(|node| node.entries()).unwrap_or_default();
    let mut paths: Vec<String> = Vec::new();
    for entry in resources {
        if !is_nested(&entry.value) {
            continue;
        }
        let location = asset(&entry.value).or_else(|| written(entry));
        paths.extend(location.and_then(|location| path_of(location, template, templates, options)));
    }
    paths
}

impl<'a> Scope<'a> {
    /// The scope of a nested stack; `None` where its template is not there.
    pub(crate) fn nested(&self, id: &str) -> Option<Rc<Self>> {
        let entry = self.sections.resources.get(id)?;
        if !is_nested(&entry.value) {
            return None;
        }
        match self.children.borrow().get(id) {
            Some(Child::Loaded(scope)) => return Some(Rc::clone(scope)),
            Some(Child::Absent) => return None,
            Some(Child::Busy) => {
                let message = format!("the parameters of the nested stack {id} depend on its own outputs");
                self.ledger.problem(Problem::warning(message, Some(entry.key_span)));
                return None;
            }
            None => {}
        }
        self.children.borrow_mut().insert(Arc::clone(&entry.key), Child::Busy);
        let child = self.load(entry);
        let state = match &child {
            Some(scope) => Child::Loaded(Rc::clone(scope)),
            None => Child::Absent,
        };
        self.children.borrow_mut().insert(Arc::clone(&entry.key), state);
        child
    }

    /// An output of a nested stack, as its own template gives it; `None` where the template is not there.
    pub(crate) fn nested_output(&self, id: &str, output: &str, span: Span) -> Option<Value> {
        let child = self.nested(id)?;
        if let Some(value) = child.output(output) {
            return Some(value);
        }
        self.ledger.warn(format!("the nested stack {id} has no output {output}"), span);
        let why = "the nested stack has no such output";
        Some(Value::unknown(Reason::Invalid(why.into()), format!("{}.Outputs.{output}", self.address(id)), span))
    }

    fn load(&self, entry: &Entry) -> Option<Rc<Self>> {
        let (worlds, exists) = self.presence(entry)?;
        let (path, span) = self.location(entry)?;
        let template = self.template_at(entry, &path, span)?;
        let mut given: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        let parameters = entry.value.get("Properties").and_then(|properties| properties.get("Parameters"));
        for parameter in parameters.map(|node| node.entries()).unwrap_or_default() {
            if let Some(value) = self.eval(&parameter.value, &worlds) {
                given.insert(Arc::clone(&parameter.key), value);
            }
        }
        let mut calls = self.place.calls.clone();
        calls.push(entry.key_span);
        let mut chain = self.place.chain.clone();
        chain.push(Arc::clone(&template.path));
        let prefix = format!("{}/", self.address(&entry.key));
        let place = Place { prefix, base: worlds, exists, region: self.place.region.clone(), calls, chain };
        Some(Rc::new(Self::new(self.run, Rc::clone(&self.ledger), template, place, &given)))
    }

    /// Path of the nested stack's template and where it is written.
    fn location(&self, entry: &Entry) -> Option<(String, Span)> {
        let property = location_property(&entry.value)?;
        let base = parent(&self.template.path);
        if let Some(node) = asset(&entry.value)
            && let Some(location) = node.as_text()
        {
            return Some((join_path(base, location), node.span));
        }
        let Some(node) = written(entry) else {
            return self
                .absent(entry, Problem::warning(format!("{} has no {property}", entry.key), Some(entry.key_span)));
        };
        if let Some(path) = path_of(node, &self.template, &self.run.templates, self.run.options) {
            return Some((path, node.span));
        }
        let value = self.eval(node, &self.place.base);
        match value.as_ref().and_then(Value::as_str) {
            Some(location) if is_local(location) => Some((join_path(base, location), node.span)),
            _ if node.get("ApplicationId").is_some() => {
                let place = "the Serverless Application Repository, which is not on disk";
                self.absent(entry, Problem::note(format!("{} is taken from {place}", entry.key), Some(node.span)))
            }
            _ => {
                let problem = Problem::note(format!("the template of {} is not on disk", entry.key), Some(node.span));
                self.absent(entry, self.offer(problem, node))
            }
        }
    }

    /// Names the linted template that the location may mean.
    fn offer(&self, problem: Problem, location: &Node) -> Problem {
        match published(location, &self.template.path, &self.run.templates, &[""]) {
            Some(path) => {
                let directory = Some(parent(path)).filter(|directory| !directory.is_empty()).unwrap_or(".");
                problem.with_help(format!("is it {path}? then say so with --template-dir {directory}"))
            }
            None => problem,
        }
    }

    fn template_at(&self, entry: &Entry, path: &str, span: Span) -> Option<Arc<Template>> {
        if self.place.chain.iter().any(|above| &**above == path) {
            return self
                .absent(entry, Problem::error(format!("{path} nests itself: it is not followed again"), Some(span)));
        }
        if self.place.chain.len() > DEEPEST || !self.ledger.nest() {
            return self.absent(entry, Problem::error("stacks are nested too deep to be followed", Some(span)));
        }
        if let Some(template) = self.run.templates.get(path) {
            return Some(Arc::clone(template));
        }
        let text = match self.run.files.read(path) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("the template {path} {error}");
                let problem = match error {
                    ReadError::NotFound if path.split('/').any(|part| part == "node_modules") => {
                        Problem::note(message, Some(span)).with_help("`npm install` brings it onto disk")
                    }
                    _ => {
                        let problem = match error {
                            ReadError::NotFound => Problem::note(message, Some(span)),
                            _ => Problem::warning(message, Some(span)),
                        };
                        match written(entry) {
                            Some(location) => self.offer(problem, location),
                            None => problem,
                        }
                    }
                };
                return self.absent(entry, problem);
            }
        };
        let text: Arc<str> = text.into();
        let file = self.run.sources.add(path, Arc::clone(&text));
        match load(path, &text, file) {
            Some(template) => Some(Arc::new(template)),
            None => self.absent(entry, Problem::warning(format!("{path} is no template"), Some(span))),
        }
    }

    /// Records why a nested stack cannot be looked into.
    fn absent<T>(&self, entry: &Entry, problem: Problem) -> Option<T> {
        self.ledger.problem(problem);
        self.ledger.unresolved(Address::new(self.address(&entry.key)), entry.key_span);
        None
    }
}
