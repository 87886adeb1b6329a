//! The evaluation of one template: its sections, its parameters' values, and values of nodes under what is assumed.

use super::Options;
use super::construct::Manifests;
use super::expand;
use super::exports::Exports;
use super::intrinsics::text::concat;
use super::ledger::{Ledger, PROCESSED};
use super::nested::Child;
use super::parameter::{Parameter, parameter};
use super::sam;
use super::samconfig;
use super::template::{Sections, Template, transforms};
use super::tree::{Entry, Node, Shape};
use super::worlds::{Truth, Worlds};
use crate::diagnostic::Problem;
use crate::resource::Dialect;
use crate::source::{Files, Sources, Span};
use crate::value::{Branch, Formula, Kind, Object, Reason, Value, When};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What all stacks of a run share.
pub(crate) struct Run<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) sources: &'a Sources,
    pub(crate) options: &'a Options,
    /// The templates among the linted files, by path.
    pub(crate) templates: BTreeMap<String, Arc<Template>>,
    pub(crate) exports: Exports,
    pub(crate) manifests: &'a Manifests,
}

/// Transforms that are carried out here, or that change nothing of what a request meets. Source: "AWS::... transform", one
/// page each in the CloudFormation Template Reference. Of includes the expansion says whether they are.
const TRANSFORMS: [&str; 8] = [
    "AWS::Serverless-2016-10-31",
    "AWS::LanguageExtensions",
    "AWS::Include",
    "AWS::CodeDeployBlueGreen",
    "AWS::CodeStar",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::ServiceCatalog",
];

/// A condition that is worked out, or on the way to it.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    Busy,
    Done(Result<Arc<Formula>, String>),
}

/// Where a template is evaluated: as the root of a stack, or in a nested stack.
pub(crate) struct Place {
    /// The addresses of the nested stacks that lead here, each with a slash behind it.
    pub(crate) prefix: String,
    /// What is assumed throughout, because the nested stack exists only then.
    pub(crate) base: Worlds,
    pub(crate) exists: Option<When>,
    /// The Region, where the code says which one it is deployed to.
    pub(crate) region: Option<Value>,
    pub(crate) calls: Vec<Span>,
    /// Paths of the templates that lead here, this one's last.
    pub(crate) chain: Vec<Arc<str>>,
}

pub(crate) struct Scope<'a> {
    pub(crate) run: &'a Run<'a>,
    pub(crate) ledger: Rc<Ledger>,
    pub(crate) template: Arc<Template>,
    pub(crate) sections: Sections,
    pub(crate) place: Place,
    pub(crate) parameters: BTreeMap<Arc<str>, Parameter>,
    pub(crate) conditions: RefCell<BTreeMap<Arc<str>, Progress>>,
    pub(crate) children: RefCell<BTreeMap<Arc<str>, Child<'a>>>,
}

impl<'a> Scope<'a> {
    /// The scope of a template with the values that its parameters are given.
    pub(crate) fn new(
        run: &'a Run<'a>,
        ledger: Rc<Ledger>,
        template: Arc<Template>,
        place: Place,
        given: &BTreeMap<Arc<str>, Value>,
    ) -> Self {
        ledger.file();
        for problem in &template.problems {
            ledger.problem(problem.clone());
        }
        let sections = Sections::new(&template.root);
        let mut parameters: BTreeMap<Arc<str>, Parameter> = BTreeMap::new();
        for (name, entry) in &sections.parameters {
            parameters.insert(Arc::clone(name), parameter(entry, given.get(name), &place.prefix, &ledger));
        }
        let mut scope = Self {
            run,
            ledger,
            template,
            sections,
            place,
            parameters,
            conditions: RefCell::new(BTreeMap::new()),
            children: RefCell::new(BTreeMap::new()),
        };
        if scope.template.expands {
            let expanded = expand::expand(&scope);
            scope.sections = Sections::new(&expanded);
            scope.conditions = RefCell::new(BTreeMap::new());
        }
        scope.report_macros();
        if scope.template.dialect == Dialect::Sam {
            sam::add_implicit_apis(&mut scope.sections);
            sam::add_connectors(&mut scope.sections);
        } else if let Some(entry) = sam::untransformed(&scope.template.root) {
            let problem = Problem::warning(
                format!("{} is a SAM resource, and the template does not name the SAM transform", entry.key),
                Some(entry.key_span),
            );
            scope.ledger.problem(problem.with_help("add `Transform: AWS::Serverless-2016-10-31` to the template"));
        }
        scope
    }

    /// The scope of a template that no other one calls, with the parameters from the command line, or else from SAM's
    /// configuration.
    pub(crate) fn root(run: &'a Run<'a>, ledger: Rc<Ledger>, template: Arc<Template>) -> Self {
        let mut given = samconfig::overrides(run, &template, &ledger);
        let region = given.remove(samconfig::REGION);
        for (name, text) in run.options.parameters_of(&template.path) {
            let declared = template.root.get("Parameters").and_then(|parameters| parameters.entry(name));
            if let Some(entry) = declared {
                given.insert(Arc::clone(&entry.key), Value::string(text.as_str(), entry.key_span));
            }
        }
        let place = Place {
            prefix: String::new(),
            base: Worlds::all(),
            exists: None,
            region,
            calls: Vec::new(),
            chain: vec![Arc::clone(&template.path)],
        };
        Self::new(run, ledger, template, place, &given)
    }

    /// A macro may change the whole template, and what stands in the place of resources makes some.
    fn report_macros(&self) {
        for transform in transforms(&self.template.root) {
            let name = transform.as_text().or_else(|| transform.get("Name").and_then(|node| node.as_text()));
            if name.is_some_and(|name| TRANSFORMS.contains(&name)) {
                continue;
            }
            let message =
                format!("the macro {} may change everything in this template", name.unwrap_or("that is named here"));
            self.ledger.problem(Problem::warning(message, Some(transform.span)).with_help(PROCESSED).hiding());
        }
        let sections = [self.sections.root.entry("Fn::Transform"), self.sections.resources.get("Fn::Transform")];
        for entry in sections.into_iter().flatten() {
            let problem = Problem::warning("what this transform would add is not known", Some(entry.span()));
            self.ledger.problem(problem.with_help(PROCESSED).hiding());
        }
    }

    pub(crate) fn decide(&self, worlds: &Worlds, formula: &Arc<Formula>) -> Truth {
        worlds.decide(formula, &self.ledger.domains.borrow())
    }

    pub(crate) fn possible(&self, worlds: &Worlds) -> bool {
        worlds.possible(&self.ledger.domains.borrow())
    }

    /// The value of a node where `worlds` is assumed; `None` for `AWS::NoValue`.
    pub(crate) fn eval(&self, node: &Arc<Node>, worlds: &Worlds) -> Option<Value> {
        if !self.ledger.enter() {
            return Some(self.too_large(node.span));
        }
        let value = self.eval_shape(node, worlds);
        self.ledger.leave();
        value
    }

    fn eval_shape(&self, node: &Arc<Node>, worlds: &Worlds) -> Option<Value> {
        let span = node.span;
        match &node.shape {
            Shape::Null => Some(Value::null(span)),
            Shape::Bool(value) => Some(Value::bool(*value, span)),
            Shape::Number(number) => Some(Value::number(number.clone(), span)),
            Shape::Text(text) if text.contains("{{resolve:") => {
                Some(concat(vec![Value::string(Arc::clone(text), span)], span, &self.ledger))
            }
            Shape::Text(text) => Some(Value::string(Arc::clone(text), span)),
            Shape::List(items) => {
                let items: Vec<Value> = items.iter().filter_map(|item| self.eval(item, worlds)).collect();
                Some(Value::list(items, span))
            }
            Shape::Map(entries) => match node.intrinsic() {
                Some(call) => self.call(&call.key, &call.value, span, worlds),
                None => Some(self.eval_entries(entries, span, worlds)),
            },
        }
    }

    fn eval_entries(&self, entries: &[Entry], span: Span, worlds: &Worlds) -> Value {
        let mut object = Object::new();
        for entry in entries {
            if &*entry.key == "Fn::Transform" {
                let problem = Problem::note("what this transform would add is not known", Some(entry.span()));
                self.ledger.problem(problem.with_help(PROCESSED).hiding());
                continue;
            }
            if let Some(value) = self.eval(&entry.value, worlds) {
                object.insert(Arc::clone(&entry.key), value);
            }
        }
        Value::object(object, span)
    }

    /// Records that CloudFormation refuses what the template uses without declaring the transform for it.
    pub(crate) fn extension(&self, name: &str, span: Span) {
        if !self.template.extended {
            self.ledger.warn(format!("{name} needs the transform AWS::LanguageExtensions"), span);
        }
    }

    /// Records that a bound was hit, and the value that stands for what was left out.
    pub(crate) fn too_large(&self, span: Span) -> Value {
        self.ledger.warn("this is too large or too deep to evaluate".to_owned(), span);
        Value::unknown(Reason::TooLarge, self.run.sources.place(span), span)
    }

    /// A value from elsewhere (a parent, a nested stack) with the branches left out that cannot be taken here.
    pub(crate) fn restrict(&self, value: &Value, worlds: &Worlds) -> Value {
        match &value.kind {
            Kind::Choice(branches) => self.restrict_choice(value, branches, worlds),
            Kind::List(items) => {
                let items: Vec<Value> = items.iter().map(|item| self.restrict(item, worlds)).collect();
                Value { kind: Kind::List(Arc::new(items)), ..value.clone() }
            }
            Kind::Object(entries) => {
                let entries: Object =
                    entries.iter().map(|(key, item)| (Arc::clone(key), self.restrict(item, worlds))).collect();
                Value { kind: Kind::Object(Arc::new(entries)), ..value.clone() }
            }
            _ => value.clone(),
        }
    }

    fn restrict_choice(&self, value: &Value, branches: &[Branch], worlds: &Worlds) -> Value {
        let mut kept: Vec<Branch> = Vec::new();
        for branch in branches {
            let inside = match &branch.when {
                Some(when) => worlds.and(when.formula()),
                None => worlds.clone(),
            };
            if self.possible(&inside) {
                kept.push(Branch { when: branch.when.clone(), value: self.restrict(&branch.value, &inside) });
            }
        }
        match kept.len() {
            0 => value.clone(),
            1 => kept.pop().map_or_else(|| value.clone(), |branch| branch.value),
            _ => Value { kind: Kind::Choice(Arc::new(kept)), ..value.clone() },
        }
    }
}
