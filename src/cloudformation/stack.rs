//! A template's resources and outputs as a stack, with those of its nested stacks.

use super::circle::{self, Needs};
use super::ledger::Ledger;
use super::nested::is_nested;
use super::sam::{with_document, with_globals};
use super::scope::{Run, Scope};
use super::template::Template;
use super::tree::Entry;
use super::worlds::{Truth, Worlds};
use crate::resource::{Address, Dialect, Existence, Language, Mode, Resource, Stack};
use crate::source::Span;
use crate::value::{Branch, Formula, Kind, Object, Origin, Value, When, secret};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Resources of a circle that a message names.
const MOST_NAMES: usize = 5;

/// The stack of a template that no other one calls.
pub(crate) fn stack(run: &Run<'_>, template: &Arc<Template>) -> Stack {
    secret::numbered_anew(|| evaluated(run, template))
}

fn evaluated(run: &Run<'_>, template: &Arc<Template>) -> Stack {
    let ledger = Rc::new(Ledger::default());
    let scope = Scope::root(run, Rc::clone(&ledger), Arc::clone(template));
    let mut resources: Vec<Resource> = Vec::new();
    let mut explicit = Needs::new();
    collect(&scope, &mut resources, &mut explicit);
    resources.sort_by(|a, b| a.address.cmp(&b.address));
    let mut outputs: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for name in scope.sections.outputs.keys() {
        if let Some(value) = scope.output(name) {
            outputs.insert(Arc::clone(name), value);
        }
    }
    report_circle(&resources, &explicit, &ledger);
    let (files, problems, unresolved) = ledger.close();
    Stack { id: Arc::clone(&template.path), dialect: template.dialect, files, resources, outputs, unresolved, problems }
}

/// What the SAM transform makes of a resource may need less than what is written, so that its templates are left out.
fn report_circle(resources: &[Resource], explicit: &Needs, ledger: &Ledger) {
    if resources.iter().any(|resource| resource.type_name.starts_with("AWS::Serverless::")) {
        return;
    }
    let circle = circle::circle(resources, explicit).unwrap_or_default();
    let circle: Vec<&Resource> = circle.into_iter().filter_map(|position| resources.get(position)).collect();
    if let Some(first) = circle.first() {
        let names: Vec<&str> = circle.iter().take(MOST_NAMES).map(|resource| resource.address.as_str()).collect();
        let between = circle.len() - names.len();
        let more = if between > 0 { format!(", which needs {between} more in turn") } else { String::new() };
        let way = names.join(", which needs ");
        let end = first.address.as_str();
        let message = format!("{way}{more}, which needs {end}: CloudFormation refuses such a circle");
        ledger.warn(message, first.header);
    }
}

fn collect(scope: &Scope<'_>, resources: &mut Vec<Resource>, explicit: &mut Needs) {
    // A nested stack is in the account of the one that calls it, whose template the manifest names.
    let root = scope.place.chain.first().and_then(|path| scope.run.templates.get(&**path));
    let account = root.and_then(|template| scope.run.manifests.account(template));
    let told = root.and_then(|template| scope.run.options.region_of(&template.path)).map(String::as_str);
    let region = told.or_else(|| scope.place.region.as_ref().and_then(Value::as_str)).map(Arc::from);
    for (id, entry) in &scope.sections.resources {
        let Some(type_name) = entry.value.get("Type").and_then(|node| node.as_text()) else {
            if entry.value.is_map() && !id.starts_with("Fn::") {
                scope.ledger.warn(format!("the resource {id} has no type"), entry.key_span);
            }
            continue;
        };
        if !id.chars().all(|letter| letter.is_ascii_alphanumeric()) {
            scope.ledger.warn(format!("the logical id {id} holds more than letters and digits"), entry.key_span);
        }
        let Some((worlds, when)) = scope.presence(entry) else { continue };
        if let Some(node) = entry.value.get("DependsOn") {
            let named = node.items().iter().chain([node]).filter_map(|node| node.as_text());
            explicit.insert(scope.address(id).into(), named.map(|id| scope.address(id).into()).collect());
        }
        resources.push(Resource {
            address: Address::new(scope.address(id)),
            type_name: type_name.into(),
            language: Language::CloudFormation,
            mode: Mode::Managed,
            exists: when.map_or(Existence::Certain, Existence::Conditional),
            body: scope.properties(entry, &worlds),
            header: entry.key_span,
            span: entry.span(),
            calls: scope.place.calls.clone(),
            construct: scope.run.manifests.construct(&scope.template, entry),
            account: account.clone(),
            region: region.clone(),
            is_region_open: false,
            provisioned: Vec::new(),
        });
        if is_nested(&entry.value)
            && let Some(child) = scope.nested(id)
        {
            collect(&child, resources, explicit);
        }
    }
}

impl Scope<'_> {
    /// When a resource or output exists and what is assumed inside of it; `None` where it never does.
    pub(crate) fn presence(&self, entry: &Entry) -> Option<(Worlds, Option<When>)> {
        let base = &self.place.base;
        let exists = self.place.exists.as_ref();
        let Some(node) = entry.value.get("Condition") else { return Some((base.clone(), exists.cloned())) };
        let Some(name) = node.as_text() else { return Some((base.clone(), exists.cloned())) };
        let Ok(when) = self.when(name, node.span) else {
            // The problem is recorded; whether the resource exists is not known.
            let unread = When::new(name, Formula::Atom(format!("{}{name}", self.place.prefix).into()));
            return Some((base.clone(), When::both(exists, Some(&unread))));
        };
        match self.decide(base, when.formula()) {
            Truth::Never => None,
            Truth::Always => Some((base.clone(), exists.cloned())),
            Truth::Open => Some((base.and(when.formula()), When::both(exists, Some(&when)))),
        }
    }

    /// An output's value; null in the branch where its condition does not hold.
    pub(crate) fn output(&self, name: &str) -> Option<Value> {
        let entry = self.sections.outputs.get(name)?;
        let (worlds, _) = self.presence(entry)?;
        self.eval(entry.value.get("Value")?, &worlds)
    }

    fn properties(&self, entry: &Entry, worlds: &Worlds) -> Value {
        let span = entry.span();
        let written = if self.template.dialect == Dialect::Sam {
            let properties = with_globals(&self.sections.root, &entry.value);
            properties.map(|properties| with_document(self, &entry.value, properties))
        } else {
            entry.value.get("Properties").map(Arc::clone)
        };
        let Some(node) = written else { return Value::object(Object::new(), span) };
        match self.eval(&node, worlds) {
            Some(value) if matches!(value.kind, Kind::Choice(_)) => distribute(&value, node.span),
            Some(value) if matches!(value.kind, Kind::Object(_) | Kind::Unknown(_)) => value,
            value => {
                if value.is_some_and(|value| !value.is_null()) {
                    self.ledger.warn(format!("the properties of {} are no map", entry.key), node.span);
                }
                Value::object(Object::new(), span)
            }
        }
    }
}

/// A choice of objects as an object of choices: a key that a branch lacks is null there.
fn distribute(choice: &Value, span: Span) -> Value {
    let alternatives = choice.alternatives();
    let mut keys: Vec<Arc<str>> = Vec::new();
    for (_, value) in &alternatives {
        for key in value.as_object().into_iter().flat_map(|object| object.keys()) {
            if !keys.contains(key) {
                keys.push(Arc::clone(key));
            }
        }
    }
    let mut object = Object::new();
    for key in keys {
        let branch = |(when, value): &(Option<When>, &Value)| Branch {
            when: when.clone(),
            value: value.get(&key).cloned().unwrap_or_else(|| Value::null(value.span())),
        };
        let branches: Vec<Branch> = alternatives.iter().map(branch).collect();
        object.insert(key, Value::new(Kind::Choice(Arc::new(branches)), Origin::at(span)));
    }
    Value::object(object, span)
}
