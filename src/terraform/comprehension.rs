//! `for` expressions.

use super::ast::{Expr, ExprKind, For, Step, StepKind};
use super::choice;
use super::datum::{Datum, Entries, Evaluated, Fault, Kind, Sequence};
use super::evaluator::{Binding, Env, Evaluator};
use super::expression::pairs;
use super::operators::{self, Truth};
use super::order;
use crate::source::Span;
use crate::value::When;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Items may hang on this many different conditions that are not known; each doubles the branches of the result.
const MOST_OPEN: usize = 2;

impl Evaluator<'_> {
    pub(super) fn for_expression(&self, each: &For, collection: &Datum, env: Env<'_>, span: Span) -> Evaluated {
        if collection.is_null() {
            return Err(Fault::invalid("the collection of this `for` is null", each.collection.span));
        }
        // Where items stand says nothing of what an object holds.
        let shuffled = if each.result_key.is_none() { order::shuffled(collection, span) } else { None };
        let shuffled = shuffled.map(|whole| match &whole.kind {
            Kind::Sequence(_, items) => whole.with_kind(Kind::Sequence(Sequence::Set, Arc::clone(items))),
            _ => whole,
        });
        let collection = shuffled.as_ref().unwrap_or(collection);
        let Some(pairs) = pairs(collection) else {
            if collection.is_open() {
                return Ok(self.unknown_for(each, collection, env, span));
            }
            let why = format!("`for` needs a collection, and this is a {}", collection.type_name());
            return Err(Fault::invalid(why, each.collection.span));
        };
        self.charge(pairs.len(), span)?;
        let mut made = Vec::new();
        let mut open: Vec<When> = Vec::new();
        for (key, value) in pairs {
            let outer = each.key.as_ref().map(|name| Binding { name, value: key, outer: env.bindings });
            let binding = Binding { name: &each.value, value, outer: outer.as_ref().or(env.bindings) };
            let inside = Env { bindings: Some(&binding), ..env };
            let mut hangs_on = None;
            if let Some(condition) = &each.condition {
                match self.kept(condition, inside)? {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(unknown) => match self.open_condition(&unknown, condition, inside, &mut open) {
                        Some(position) => hangs_on = Some(position),
                        None => return Ok(operators::opaque(&unknown, &self.identity_of(span, env), span)),
                    },
                }
            }
            let mut hidden = collection.sensitive;
            let key = match &each.result_key {
                None => None,
                Some(expr) => match self.marked_key(expr, inside, &mut hidden)? {
                    Ok(key) => Some(key),
                    Err(unknown) => return Ok(operators::opaque(&unknown, &self.identity_of(span, env), span)),
                },
            };
            let value = self.evaluate(&each.result, inside);
            made.push(Made { hangs_on, key, hidden, value: if hangs_on.is_some() { value } else { Ok(value?) } });
        }
        let result = if open.is_empty() {
            gathered(each, &made, &[], span)
        } else {
            let worlds = combinations(&open).into_iter();
            choice::build(worlds.map(|(when, holds)| (when, gathered(each, &made, &holds, span))).collect(), span)
        };
        result.map(|result| result.marked(collection.sensitive))
    }

    /// An item's key as [`Self::key`] gives it, and whether it may not be said.
    fn marked_key(&self, key: &Expr, env: Env<'_>, hidden: &mut bool) -> Result<Result<Arc<str>, Datum>, Box<Fault>> {
        let value = self.evaluate(key, env)?;
        *hidden |= value.holds_sensitive();
        self.key(value, key.span)
    }

    /// The position of an unknown condition among those that items hang on; `None` if there would be too many.
    fn open_condition(&self, unknown: &Datum, condition: &Expr, env: Env<'_>, open: &mut Vec<When>) -> Option<usize> {
        let Truth::Open(formula, _) = operators::truth(unknown) else { return None };
        if let Some(known) = open.iter().position(|when| *when.formula() == formula) {
            return Some(known);
        }
        // What an item itself refers to tells more than the name that the loop has for it.
        open.push(match &unknown.kind {
            Kind::Reference(reference) => When::new(reference.text(), (*formula).clone()),
            _ => self.condition(condition.span, &formula, env),
        });
        (open.len() <= MOST_OPEN).then(|| open.len() - 1)
    }

    /// A `for` over a collection of unknown size that only takes an attribute of each element keeps the reference.
    fn unknown_for(&self, each: &For, collection: &Datum, env: Env<'_>, span: Span) -> Datum {
        let takes_element = each.result_key.is_none()
            && each.condition.is_none()
            && matches!(&each.result.kind, ExprKind::Traversal(base, _) if matches!(&base.kind, ExprKind::Variable(name) if *name == each.value));
        if let (true, ExprKind::Traversal(_, steps)) = (takes_element, &each.result.kind) {
            let mut splat = vec![Step { span, kind: StepKind::Splat }];
            splat.extend(steps.iter().cloned());
            if let Ok(value) = self.apply_steps(collection.clone(), &splat, env) {
                return value;
            }
        }
        operators::opaque(collection, &self.identity_of(span, env), span)
    }
}

/// An item that a `for` makes, if the condition that it hangs on holds.
struct Made {
    hangs_on: Option<usize>,
    key: Option<Arc<str>>,
    /// Whether the key may not be said.
    hidden: bool,
    value: Evaluated,
}

/// Every way in which conditions can hold together: which of them do.
fn combinations(open: &[When]) -> Vec<(When, Vec<bool>)> {
    let mut worlds: Vec<(When, Vec<bool>)> = Vec::new();
    for when in open {
        let sides = [(when.clone(), true), (when.negated(), false)];
        if worlds.is_empty() {
            worlds = sides.into_iter().map(|(side, holds)| (side, vec![holds])).collect();
            continue;
        }
        let longer = worlds.iter().flat_map(|(world, before)| {
            sides
                .iter()
                .map(|(side, holds)| (world.and(side), before.iter().copied().chain(std::iter::once(*holds)).collect()))
        });
        worlds = longer.collect();
    }
    worlds.retain(|(world, _)| world.satisfiable());
    worlds
}

/// The result of a `for` whose items hang on conditions of which some hold.
fn gathered(each: &For, made: &[Made], holds: &[bool], span: Span) -> Evaluated {
    let mut items = Vec::new();
    let mut entries = Entries::new();
    let mut groups: BTreeMap<Arc<str>, Vec<Datum>> = BTreeMap::new();
    for item in made {
        if item.hangs_on.is_some_and(|position| holds.get(position) != Some(&true)) {
            continue;
        }
        let value = item.value.clone()?;
        let Some(key) = &item.key else {
            items.push(value);
            continue;
        };
        if each.grouping {
            groups.entry(Arc::clone(key)).or_default().push(value);
        } else if entries.insert(Arc::clone(key), value).is_some() {
            let at = each.result_key.as_ref().map_or(span, |key| key.span);
            let key = Datum::string(Arc::clone(key), at).marked(item.hidden).brief();
            return Err(Fault::invalid(format!("two items have the key {key}"), at));
        }
    }
    if each.result_key.is_none() {
        return Ok(Datum::tuple(items, span));
    }
    entries.extend(groups.into_iter().map(|(key, group)| (key, Datum::tuple(group, span))));
    // Terraform marks the whole for a key that is marked.
    Ok(Datum::object(entries, span).marked(made.iter().any(|item| item.hidden)))
}
