//! `count` and `for_each`: which instances a block has.

use super::ast::{Block, Conditional, Expr, ExprKind};
use super::choice;
use super::datum::{Datum, Entries, Evaluated, Fault, Key, Kind, Sequence};
use super::evaluator::{Env, Evaluator, Repetition, Scope};
use super::types::{self, Type};
use crate::source::Span;
use crate::value::{Formula, Unknown, When};
use bigdecimal::ToPrimitive as _;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// More instances of one block are taken as one that stands for all.
const MOST_INSTANCES: usize = 2_000;

#[derive(Debug)]
pub(crate) struct Expansion {
    shape: Shape,
    pub(crate) instances: Vec<Instanced>,
    /// Where it hangs on a condition which instances there are: positions in `instances` by condition.
    alternatives: Vec<(When, Vec<usize>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Single,
    Count,
    ForEach,
    /// One instance without a key, or none.
    Enabled,
    /// An unknown number of instances, of which one is made to stand for all.
    Symbolic,
}

#[derive(Clone, Debug)]
pub(crate) struct Instanced {
    pub(crate) repetition: Repetition,
    /// The condition under which the instance exists.
    pub(crate) when: Option<When>,
}

impl Expansion {
    pub(crate) fn single() -> Self {
        let only = Instanced { repetition: Repetition::default(), when: None };
        Self { shape: Shape::Single, instances: vec![only], alternatives: Vec::new() }
    }

    pub(crate) fn repetition(&self, key: Option<&Key>) -> (Repetition, Option<When>) {
        let found = self.instances.iter().find(|instance| instance.repetition.key.as_ref() == key);
        found.map_or_else(|| (Repetition::default(), None), |found| (found.repetition.clone(), found.when.clone()))
    }

    /// What a reference to the block means: one instance, a tuple or an object of them, or one that stands for all, made with
    /// the condition under which there is any.
    pub(crate) fn value(&self, span: Span, make: &dyn Fn(Option<&Key>, Option<&When>) -> Datum) -> Datum {
        let all: Vec<usize> = (0..self.instances.len()).collect();
        if self.alternatives.is_empty() {
            return self.value_of(&all, span, make);
        }
        let branches = self.alternatives.iter().map(|(when, of)| (when.clone(), Ok(self.value_of(of, span, make))));
        choice::build(branches.collect(), span).unwrap_or_else(|fault| fault.into_datum())
    }

    fn value_of(&self, positions: &[usize], span: Span, make: &dyn Fn(Option<&Key>, Option<&When>) -> Datum) -> Datum {
        let keys =
            positions.iter().filter_map(|position| self.instances.get(*position)).map(|i| i.repetition.key.as_ref());
        match self.shape {
            Shape::Enabled if positions.is_empty() => Datum::null(span),
            Shape::Single | Shape::Enabled => make(None, None),
            Shape::Symbolic => make(None, self.instances.first().and_then(|all| all.when.as_ref())),
            Shape::Count => Datum::tuple(keys.map(|key| make(key, None)).collect(), span),
            Shape::ForEach => {
                let entries = keys.filter_map(|key| match key {
                    Some(Key::Name(name)) => Some((Arc::clone(name), make(key, None))),
                    _ => None,
                });
                Datum::object(entries.collect(), span)
            }
        }
    }
}

impl Evaluator<'_> {
    /// The instances of a block; `address` is the block's within its module.
    pub(crate) fn expand(&self, scope: &Rc<Scope>, address: &str, block: &Block) -> Expansion {
        let none = Repetition::default();
        let env = Env::new(scope, &none);
        if let Some(count) = block.body.attribute("count") {
            let value =
                self.evaluate(&count.expr, env).and_then(|value| types::convert(value, &Type::Number, count.span));
            let value = self.settle(value);
            return self
                .counted(&value, count.expr.span)
                .unwrap_or_else(|| self.symbolic(scope, address, &value, count.expr.span));
        }
        if let Some(each) = block.body.attribute("for_each") {
            let value = self.settle(self.evaluate(&each.expr, env));
            return self
                .keyed(&value, each.expr.span)
                .unwrap_or_else(|| self.symbolic(scope, address, &value, each.expr.span));
        }
        if let Some(enabled) = enabled(block) {
            let value = self.settle(self.evaluate(&one_or_none(enabled), env));
            return self
                .enabled(&value, enabled.span)
                .unwrap_or_else(|| self.symbolic(scope, address, &value, enabled.span));
        }
        Expansion::single()
    }

    fn enabled(&self, count: &Datum, span: Span) -> Option<Expansion> {
        let mut expansion = self.counted(count, span)?;
        expansion.shape = Shape::Enabled;
        expansion.instances.iter_mut().for_each(|instance| instance.repetition = Repetition::default());
        Some(expansion)
    }

    fn counted(&self, value: &Datum, span: Span) -> Option<Expansion> {
        if matches!(value.kind, Kind::Null | Kind::Number(_)) && whole(value).is_none() {
            return self.refuse("count needs a whole number that is not negative", span);
        }
        let counts: Vec<(Option<When>, usize)> = match &value.kind {
            Kind::Choice(branches) => {
                let valid = branches.iter().filter(|branch| !branch.value.is_invalid());
                let counts: Option<Vec<_>> =
                    valid.map(|branch| Some((Some(branch.when.clone()), whole(&branch.value)?))).collect();
                counts?
            }
            _ => vec![(None, whole(value)?)],
        };
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
        if most > MOST_INSTANCES || self.charge(most, span).is_err() {
            self.too_large("this makes too many instances", span);
            return None;
        }
        let instances = (0..most)
            .map(|index| Instanced {
                repetition: Repetition {
                    key: Some(Key::Index(index)),
                    index: Some(Datum::count(index, span)),
                    each: None,
                    all_of: None,
                },
                when: any_of(counts.iter().map(|(when, count)| (when.as_ref(), *count > index))),
            })
            .collect();
        let alternatives = counts.iter().filter_map(|(when, count)| Some((when.clone()?, (0..*count).collect())));
        Some(Expansion { shape: Shape::Count, instances, alternatives: alternatives.collect() })
    }

    fn keyed(&self, value: &Datum, span: Span) -> Option<Expansion> {
        let collections: Vec<(Option<When>, Entries)> = match &value.kind {
            Kind::Choice(branches) => {
                let valid = branches.iter().filter(|branch| !branch.value.is_invalid());
                let sets: Option<Vec<_>> = valid
                    .map(|branch| Some((Some(branch.when.clone()), self.each_entries(&branch.value, span)?)))
                    .collect();
                sets?
            }
            _ => vec![(None, self.each_entries(value, span)?)],
        };
        let mut keys: BTreeMap<Arc<str>, Vec<(When, Evaluated)>> = BTreeMap::new();
        let mut plain = Entries::new();
        for (when, entries) in &collections {
            for (key, value) in entries {
                match when {
                    Some(when) => keys.entry(Arc::clone(key)).or_default().push((when.clone(), Ok(value.clone()))),
                    None => _ = plain.insert(Arc::clone(key), value.clone()),
                }
            }
        }
        for (key, values) in keys {
            let value =
                if let [(_, Ok(only))] = values.as_slice() { Ok(only.clone()) } else { choice::build(values, span) };
            plain.insert(key, self.settle(value));
        }
        if plain.len() > MOST_INSTANCES || self.charge(plain.len(), span).is_err() {
            self.too_large("this makes too many instances", span);
            return None;
        }
        let names: Vec<Arc<str>> = plain.keys().cloned().collect();
        let instances = plain
            .into_iter()
            .map(|(key, value)| Instanced {
                when: any_of(collections.iter().map(|(when, entries)| (when.as_ref(), entries.contains_key(&key)))),
                repetition: Repetition {
                    key: Some(Key::Name(Arc::clone(&key))),
                    index: None,
                    each: Some((Datum::string(key, value.origin.span), value)),
                    all_of: None,
                },
            })
            .collect();
        let alternatives = collections.iter().filter_map(|(when, entries)| {
            let positions = names.iter().enumerate().filter(|(_, name)| entries.contains_key(*name));
            Some((when.clone()?, positions.map(|(position, _)| position).collect()))
        });
        Some(Expansion { shape: Shape::ForEach, alternatives: alternatives.collect(), instances })
    }

    /// Keys and values of a known `for_each`; a set's elements are both. What is sensitive would stand in addresses.
    fn each_entries(&self, value: &Datum, span: Span) -> Option<Entries> {
        let text = |item: &Datum| !matches!(item.kind, Kind::Null | Kind::Bool(_) | Kind::Number(_));
        match &value.kind {
            _ if value.sensitive => self.refuse("for_each cannot be made of sensitive values", span),
            Kind::Mapping(_, entries) => Some((**entries).clone()),
            Kind::Sequence(Sequence::Set, items) if items.iter().any(Datum::holds_sensitive) => {
                self.refuse("for_each cannot be made of sensitive values", span)
            }
            Kind::Sequence(Sequence::Set, items) if items.iter().all(text) => {
                items.iter().map(|item| Some((Arc::from(item.as_str()?), item.clone()))).collect()
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Sequence(..) => {
                self.refuse("for_each needs a map or a set of strings", span)
            }
            _ => None,
        }
    }

    /// Terraform would not plan this.
    fn refuse<T>(&self, why: &str, span: Span) -> Option<T> {
        let _: Datum = self.settle(Err(Fault::invalid(why, span)));
        None
    }

    /// One instance for an unknown number of them. What is not known of it has the block's name: another block's instances
    /// are others, also if there is one for each element of the same collection.
    fn symbolic(&self, scope: &Rc<Scope>, address: &str, value: &Datum, span: Span) -> Expansion {
        let of: Arc<str> = format!("{}{address}", scope.prefix).into();
        let text = self.text_of(span);
        let formula = Formula::Atom(self.identity_of(span, Env::new(scope, &Repetition::default())).into());
        let unknown = |suffix: &str| {
            let cause = value.first_unknown();
            let reason = cause.as_ref().map_or(crate::value::Reason::NotEvaluated, |cause| cause.reason.clone());
            let what = cause.as_ref().map_or(text.as_str(), Unknown::cause);
            Datum::unknown(reason, format!("{what}[{suffix} {of}]"), span)
        };
        // A reference stands for a collection of what it refers to: its elements are references too.
        let element = match &value.kind {
            Kind::Reference(_) => value.clone(),
            _ => unknown("each of"),
        };
        let only = Instanced {
            repetition: Repetition {
                key: None,
                index: Some(unknown("index of")),
                each: Some((unknown("key of"), element)),
                all_of: Some(of.clone()),
            },
            when: Some(When::new(text.clone(), formula)),
        };
        Expansion { shape: Shape::Symbolic, instances: vec![only], alternatives: Vec::new() }
    }
}

/// What OpenTofu lets stand in the place of a `count` of one or none.
/// Source: <https://opentofu.org/docs/language/meta-arguments/enabled/>.
fn enabled(block: &Block) -> Option<&Expr> {
    let lifecycle = block.body.blocks().find(|nested| &*nested.kind == "lifecycle")?;
    lifecycle.body.attribute("enabled").map(|attribute| &attribute.expr)
}

fn one_or_none(enabled: &Expr) -> Expr {
    let number = |number: i64| Expr { span: enabled.span, kind: ExprKind::Number(number.into()) };
    let conditional = Conditional { condition: enabled.clone(), yes: number(1), no: number(0) };
    Expr { span: enabled.span, kind: ExprKind::Conditional(Box::new(conditional)) }
}

fn whole(value: &Datum) -> Option<usize> {
    value.as_number().filter(|number| number.decimal().is_integer()).and_then(|number| number.decimal().to_usize())
}

/// The condition that one of several exclusive conditions holds; `None` for certain.
fn any_of<'w>(branches: impl Iterator<Item = (Option<&'w When>, bool)>) -> Option<When> {
    let mut holding = Vec::new();
    let mut excluded = false;
    for (when, holds) in branches {
        match (when, holds) {
            (Some(when), true) => holding.push(when.clone()),
            (None, true) => return None,
            (_, false) => excluded = true,
        }
    }
    excluded.then(|| When::any(&holding))
}
