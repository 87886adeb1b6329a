//! The bodies of resources: arguments, nested blocks and `dynamic` blocks.

use super::ast::{Block, Body, Item};
use super::datum::{Datum, Entries, Fault, Instance, Key, Kind, Mapping, Target};
use super::evaluator::{Binding, Env, Evaluator, Expanded, Scope, Slot};
use super::{choice, data, expression, operators};
use crate::resource::Mode;
use crate::source::Span;
use crate::value::{Object, Value, When};
use std::collections::BTreeSet;
use std::collections::btree_map::Entry;
use std::rc::Rc;
use std::sync::Arc;

/// Arguments and blocks that belong to Terraform and not to the resource.
const META: &[&str] =
    &["count", "for_each", "provider", "providers", "depends_on", "lifecycle", "provisioner", "connection"];

impl Evaluator<'_> {
    /// What a reference to a resource's attribute gives, if the configuration sets it.
    pub(crate) fn argument(
        &self,
        scope: &Rc<Scope>,
        index: usize,
        key: Option<&Key>,
        name: &Arc<str>,
        span: Span,
    ) -> Result<Option<Datum>, Box<Fault>> {
        let Some(declared) = scope.module.resources.get(index) else { return Ok(None) };
        let managed = declared.mode == Mode::Managed;
        if managed && matches!(&**name, "id" | "arn") || META.contains(&&**name) {
            return Ok(None);
        }
        let slot = Slot::Argument(index, key.cloned(), Arc::clone(name));
        let expansion = self.expansion(scope, &Expanded::Resource(index))?;
        let value = self.memoised(scope, slot, span, || {
            let (repetition, _) = expansion.repetition(key);
            let env = Env::new(scope, &repetition);
            let address = format!("{}{}{}", scope.prefix, declared.address, Key::suffix(key));
            if let Some(computed) = data::computed(self, declared, &address, name, env) {
                return computed;
            }
            let body = &declared.block.body;
            match body.attribute(name) {
                Some(attribute) => {
                    let value = self.settle(self.evaluate(&attribute.expr, env));
                    value.marked(self.is_secret(&declared.block, name, env))
                }
                None if block_names(body).contains(name) => self.blocks(&declared.block, name, env),
                None => Datum::null(declared.block.header),
            }
        })?;
        Ok(if value.is_null() { None } else { Some(value) })
    }

    /// All arguments of a resource's instance.
    pub(crate) fn resource_body(&self, block: &Block, env: Env<'_>) -> Value {
        let mut object = Object::new();
        let mut done: BTreeSet<Arc<str>> = BTreeSet::new();
        for item in &block.body.items {
            match item {
                Item::Attribute(attribute) if !META.contains(&&*attribute.name) => {
                    let mut value = self.settle(self.evaluate(&attribute.expr, env));
                    if value.is_null() && &*attribute.name == "region" && is_of_aws(block) {
                        value = self.region(block, env).unwrap_or(value);
                    }
                    let value = value.marked(self.is_secret(block, &attribute.name, env));
                    object.insert(Arc::clone(&attribute.name), self.lowered(&value));
                }
                Item::Block(nested) => {
                    let name = block_name(nested);
                    if !META.contains(&&*name) && done.insert(Arc::clone(&name)) {
                        object.insert(Arc::clone(&name), self.lowered(&self.blocks(block, &name, env)));
                    }
                }
                Item::Attribute(_) => {}
            }
        }
        Value::object(object, block.header)
    }

    /// Whether an argument is for a secret, whatever the code says of its value. Those that are written only are no part of a
    /// plan or state either; what a parameter holds that AWS encrypts is shown in no plan.
    fn is_secret(&self, block: &Block, name: &str, env: Env<'_>) -> bool {
        let encrypted = || {
            let kind = block.body.attribute("type").map(|kind| self.settle(self.evaluate(&kind.expr, env)));
            kind.is_some_and(|kind| !matches!(kind.as_str(), Some("String" | "StringList")))
        };
        let is_parameter = block.label(0).is_some_and(|kind| &**kind == "aws_ssm_parameter");
        let secret = name.ends_with("_wo") || (is_parameter && name == "value" && encrypted());
        self.sensitive_seen.set(self.sensitive_seen.get() || secret);
        secret
    }

    /// The texts that provisioners write onto the resource, or run there.
    pub(crate) fn provisioned(&self, block: &Block, env: Env<'_>) -> Vec<Value> {
        let provisioners = block.body.blocks().filter(|nested| &*nested.kind == "provisioner");
        let texts = provisioners.filter_map(|nested| match nested.label(0).map(|kind| &**kind) {
            Some("file") => nested.body.attribute("content"),
            Some("remote-exec") => nested.body.attribute("inline"),
            _ => None,
        });
        texts.map(|text| self.lowered(&self.settle(self.evaluate(&text.expr, env)))).collect()
    }

    /// The value at the boundary; a module as a whole is the object of its outputs.
    pub(crate) fn lowered(&self, value: &Datum) -> Value {
        let opened = self.opened(value);
        let value = opened.as_ref().unwrap_or(value);
        match self.charge(value.weight(), value.origin.span) {
            Ok(()) => value.to_value(),
            Err(fault) => fault.into_datum().to_value(),
        }
    }

    /// The value with modules opened, if there are any in it.
    fn opened(&self, value: &Datum) -> Option<Datum> {
        match &value.kind {
            Kind::Instance(Instance { target: Target::Module { scope }, .. }) => {
                let scope = self.scope(*scope)?;
                let outputs = scope
                    .module
                    .outputs
                    .iter()
                    .map(|(name, block)| (Arc::clone(name), self.settle(self.output(&scope, name, block.header))));
                Some(value.with_kind(Kind::Mapping(Mapping::Object, Arc::new(outputs.collect()))))
            }
            Kind::Sequence(shape, items) => {
                let opened: Vec<_> = items.iter().map(|item| self.opened(item)).collect();
                if opened.iter().all(Option::is_none) {
                    return None;
                }
                let items =
                    opened.into_iter().zip(items.iter()).map(|(opened, item)| opened.unwrap_or_else(|| item.clone()));
                Some(value.with_kind(Kind::Sequence(*shape, Arc::new(items.collect()))))
            }
            Kind::Mapping(shape, entries) => {
                let opened: Vec<_> = entries.values().map(|item| self.opened(item)).collect();
                if opened.iter().all(Option::is_none) {
                    return None;
                }
                let entries = entries.iter().zip(opened);
                let entries =
                    entries.map(|((key, item), opened)| (Arc::clone(key), opened.unwrap_or_else(|| item.clone())));
                Some(value.with_kind(Kind::Mapping(*shape, Arc::new(entries.collect()))))
            }
            _ => None,
        }
    }

    /// The blocks of one name as a list of objects; one of several lists where a condition decides.
    fn blocks(&self, within: &Block, name: &str, env: Env<'_>) -> Datum {
        let mut lists = Lists { alternatives: vec![(None, Vec::new())] };
        let mut first = None;
        for block in within.body.blocks().filter(|block| *block_name(block) == *name) {
            first.get_or_insert(block.header);
            if &*block.kind == "dynamic" {
                self.dynamic(block, env, &mut lists);
            } else {
                lists.push(self.block_object(block, env));
            }
        }
        lists.into_datum(first.unwrap_or(within.header))
    }

    fn block_object(&self, block: &Block, env: Env<'_>) -> Datum {
        Datum::mapping(Mapping::Block, self.block_arguments(block, env), block.header)
    }

    /// What a resource or data source is given, without what belongs to Terraform.
    pub(crate) fn arguments(&self, block: &Block, env: Env<'_>) -> Entries {
        self.block_arguments_but(META, block, env)
    }

    /// The arguments and nested blocks of one block.
    fn block_arguments(&self, block: &Block, env: Env<'_>) -> Entries {
        self.block_arguments_but(&[], block, env)
    }

    fn block_arguments_but(&self, left_out: &[&str], block: &Block, env: Env<'_>) -> Entries {
        let mut entries = Entries::new();
        for item in &block.body.items {
            match item {
                Item::Attribute(attribute) if left_out.contains(&&*attribute.name) => {}
                Item::Block(nested) if left_out.contains(&&*nested.kind) => {}
                Item::Attribute(attribute) => {
                    let value = self.settle(self.evaluate(&attribute.expr, env));
                    entries.insert(Arc::clone(&attribute.name), value);
                }
                Item::Block(nested) => {
                    let name = block_name(nested);
                    if let Entry::Vacant(vacant) = entries.entry(name) {
                        let nested = self.bounded(nested.header, || Ok(self.blocks(block, vacant.key(), env)));
                        vacant.insert(self.settle(nested));
                    }
                }
            }
        }
        entries
    }

    fn dynamic(&self, block: &Block, env: Env<'_>, lists: &mut Lists) {
        let each = block.body.attribute("for_each");
        let content = block.body.blocks().find(|nested| &*nested.kind == "content");
        let (Some(each), Some(content), Some(label)) = (each, content, block.label(0)) else { return };
        let iterator = match block.body.attribute("iterator").map(|attribute| &attribute.expr.kind) {
            Some(super::ast::ExprKind::Variable(name) | super::ast::ExprKind::String(name)) => name,
            _ => label,
        };
        let collection = self.settle(self.evaluate(&each.expr, env));
        let Kind::Choice(branches) = &collection.kind else {
            let items = self.dynamic_items(&collection, content, iterator, env, each.expr.span);
            lists.extend(&items);
            return;
        };
        let branches: Vec<(When, Vec<Datum>)> = branches
            .iter()
            .filter(|branch| !branch.value.is_invalid())
            .map(|branch| {
                (branch.when.clone(), self.dynamic_items(&branch.value, content, iterator, env, each.expr.span))
            })
            .collect();
        if !lists.branch(&branches) {
            lists.push(operators::opaque(&collection, &self.identity_of(each.expr.span, env), each.expr.span));
        }
    }

    fn dynamic_items(&self, collection: &Datum, content: &Block, name: &str, env: Env<'_>, span: Span) -> Vec<Datum> {
        if collection.is_null() {
            return Vec::new();
        }
        let Some(pairs) = expression::pairs(collection) else {
            let text = self.text_of(span);
            // The collection itself says it all where it is the unknown.
            if collection.first_unknown().is_some_and(|unknown| *unknown.what == *text) {
                return vec![collection.clone()];
            }
            return vec![operators::opaque(
                collection,
                &format!("an unknown number of blocks: {}", self.identity_of(span, env)),
                span,
            )];
        };
        if let Err(fault) = self.charge(pairs.len(), span) {
            return vec![self.settle(Err(fault))];
        }
        pairs
            .into_iter()
            .map(|(key, value)| {
                let item = Entries::from([("key".into(), key), ("value".into(), value)]);
                let binding = Binding { name, value: Datum::object(item, span), outer: env.bindings };
                self.block_object(content, Env { bindings: Some(&binding), ..env })
            })
            .collect()
    }
}

/// Lists of blocks by the condition under which they are the list.
struct Lists {
    alternatives: Vec<(Option<When>, Vec<Datum>)>,
}

impl Lists {
    fn push(&mut self, item: Datum) {
        self.extend(std::slice::from_ref(&item));
    }

    fn extend(&mut self, items: &[Datum]) {
        for (_, list) in &mut self.alternatives {
            list.extend_from_slice(items);
        }
    }

    /// Each alternative once for each branch; false if that would be too many.
    fn branch(&mut self, branches: &[(When, Vec<Datum>)]) -> bool {
        if self.alternatives.len() * branches.len() > choice::MOST_BRANCHES {
            return false;
        }
        let mut product = Vec::new();
        for (when, list) in &self.alternatives {
            for (branch, items) in branches {
                let both = When::both(when.as_ref(), Some(branch));
                if both.as_ref().is_none_or(When::satisfiable) {
                    product.push((both, list.iter().chain(items).cloned().collect()));
                }
            }
        }
        self.alternatives = product;
        true
    }

    fn into_datum(self, span: Span) -> Datum {
        let mut certain = None;
        let mut branches = Vec::new();
        for (when, list) in self.alternatives {
            let list = Datum::tuple(list, span);
            match when {
                Some(when) => branches.push((when, Ok(list))),
                None => certain = Some(list),
            }
        }
        match certain {
            Some(list) => list,
            None => choice::build(branches, span).unwrap_or_else(|fault| fault.into_datum()),
        }
    }
}

pub(crate) fn is_of_aws(block: &Block) -> bool {
    matches!(&*block.kind, "resource" | "data") && block.label(0).is_some_and(|of| of.starts_with("aws_"))
}

/// The name under which a block is found: a `dynamic` block's label.
fn block_name(block: &Block) -> Arc<str> {
    match (&*block.kind, block.label(0)) {
        ("dynamic", Some(label)) => Arc::clone(label),
        _ => Arc::clone(&block.kind),
    }
}

fn block_names(body: &Body) -> BTreeSet<Arc<str>> {
    body.blocks().map(block_name).collect()
}
