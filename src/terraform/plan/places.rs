//! Gives a plan's resources the places in the code that they were planned from, and the code's finer references.

use crate::resource::{Address, Resource, Stack};
use crate::value::{Kind, Object, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The plan's resources with places and references of `code`, the same root module evaluated.
pub(super) fn place(plan: Vec<Resource>, code: &Stack) -> Vec<Resource> {
    let known: BTreeSet<Arc<str>> = plan.iter().map(|resource| resource.address.shared()).collect();
    let exact: BTreeMap<&str, &Resource> = code.resources.iter().map(|it| (it.address.as_str(), it)).collect();
    let mut bare: BTreeMap<String, &Resource> = BTreeMap::new();
    for resource in &code.resources {
        bare.entry(resource.address.without_keys()).or_insert(resource);
    }
    let placed = plan.into_iter().map(|mut resource| {
        let declared = exact.get(resource.address.as_str()).or_else(|| bare.get(&resource.address.without_keys()));
        if let Some(declared) = declared {
            resource.header = declared.header;
            resource.span = declared.span;
            resource.calls.clone_from(&declared.calls);
            resource.body = merge(resource.body, &declared.body, &known);
        }
        resource
    });
    placed.collect()
}

/// Addresses of resources that surely exist by the code and that the plan lacks.
pub(super) fn missing<'c>(plan: &[Resource], code: &'c Stack) -> Vec<&'c Address> {
    let planned: BTreeSet<String> = plan.iter().map(|resource| resource.address.without_keys()).collect();
    // What has a key is made by a count or a for_each, of which another variable file may make none.
    let certain = code.resources.iter().filter(|it| {
        it.mode == crate::resource::Mode::Managed && it.exists.when().is_none() && !it.address.as_str().contains('[')
    });
    certain.map(|it| &it.address).filter(|address| !planned.contains(&address.without_keys())).collect()
}

/// The plan decides what is known; the code tells where it was written, and what an unknown is made of.
fn merge(plan: Value, code: &Value, known: &BTreeSet<Arc<str>>) -> Value {
    let sensitive = plan.sensitive || code.sensitive;
    let mut merged = match plan.kind {
        Kind::Unknown(_) | Kind::Reference(_) => unknown(plan, code, known),
        Kind::Object(entries) => {
            let code_entries = chosen_object(code);
            let entries = entries.iter().filter_map(|(key, value)| {
                let value = match code_entries.and_then(|entries| entries.get(key)) {
                    Some(written) => merge(value.clone(), written, known),
                    // Not in the code: what is unknown is computed by the provider.
                    None if code_entries.is_some() && value.as_unknown().is_some() => return None,
                    None => at(value.clone(), code),
                };
                Some((Arc::clone(key), value))
            });
            Value { kind: Kind::Object(Arc::new(entries.collect())), origin: code.origin.clone(), sensitive: false }
        }
        Kind::List(items) => {
            let kind = Kind::List(Arc::new(merge_items(&items, code, known)));
            Value { kind, origin: code.origin.clone(), sensitive: false }
        }
        _ => code
            .alternatives()
            .into_iter()
            .map(|(_, branch)| branch)
            .find(|branch| same_scalar(&plan, branch))
            .map_or_else(|| at(plan.clone(), code), |branch| Value { kind: plan.kind.clone(), ..branch.clone() }),
    };
    merged.sensitive = sensitive;
    merged
}

/// The value with the code's place, all the way down.
fn at(mut value: Value, code: &Value) -> Value {
    let cut = value.origin.cut_from().to_vec();
    value.origin = code.origin.clone().cut(cut);
    value.kind = match value.kind {
        Kind::List(items) => Kind::List(Arc::new(items.iter().map(|item| at(item.clone(), code)).collect())),
        Kind::Object(entries) => Kind::Object(Arc::new(
            entries.iter().map(|(key, value)| (Arc::clone(key), at(value.clone(), code))).collect::<Object>(),
        )),
        other => other,
    };
    value
}

fn unknown(plan: Value, code: &Value, known: &BTreeSet<Arc<str>>) -> Value {
    let references = code.references();
    let finer = !is_known(code)
        && references.iter().all(|reference| known.contains(&reference.target) || reference.target.contains("//"));
    let tells_more = !references.is_empty() || plan.references().is_empty();
    if finer && tells_more { code.clone() } else { at(plan, code) }
}

fn is_known(value: &Value) -> bool {
    match &value.kind {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
        Kind::List(items) => items.iter().all(is_known),
        Kind::Object(entries) => entries.values().all(is_known),
        Kind::Reference(_) | Kind::Template(_) | Kind::Choice(_) | Kind::Unknown(_) => false,
    }
}

fn same_scalar(first: &Value, second: &Value) -> bool {
    match (first.as_text(), second.as_text()) {
        (Some(first), Some(second)) => first == second,
        _ => first.is_null() && second.is_null(),
    }
}

fn chosen_object(code: &Value) -> Option<&Object> {
    let mut objects = code.alternatives().into_iter().filter_map(|(_, branch)| branch.as_object());
    let first = objects.next();
    first.filter(|_| objects.next().is_none())
}

/// Each planned item with the written one that it agrees with best: sets have another order in the plan.
fn merge_items(items: &[Value], code: &Value, known: &BTreeSet<Arc<str>>) -> Vec<Value> {
    /// Longer lists are taken in the order of the code.
    const MOST_COMPARED: usize = 200;
    let lists = code.alternatives();
    let written = lists.iter().filter_map(|(_, branch)| branch.as_list()).find(|list| list.len() == items.len());
    let Some(written) = written else {
        return items.iter().map(|item| at(item.clone(), code)).collect();
    };
    let mut used = vec![false; written.len()];
    let mut merged = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let candidates = written.iter().enumerate().filter(|(at, _)| used.get(*at) == Some(&false));
        let best = if items.len() > MOST_COMPARED {
            written.get(index).map(|written| (index, written))
        } else {
            let scored = candidates.filter_map(|(at, written)| Some((agreement(item, written)?, at, written)));
            scored.max_by_key(|(score, at, _)| (*score, std::cmp::Reverse(*at))).map(|(_, at, written)| (at, written))
        };
        merged.push(match best {
            Some((at, written)) => {
                if let Some(used) = used.get_mut(at) {
                    *used = true;
                }
                merge(item.clone(), written, known)
            }
            None => at(item.clone(), code),
        });
    }
    merged
}

/// How many values agree; `None` where one is known in both and differs.
fn agreement(plan: &Value, code: &Value) -> Option<usize> {
    match (&plan.kind, &code.kind) {
        (Kind::Object(plan), Kind::Object(code)) => plan
            .iter()
            .try_fold(0, |sum, (key, value)| Some(sum + code.get(key).map_or(Some(0), |code| agreement(value, code))?)),
        (Kind::List(plan), Kind::List(code)) if plan.len() == code.len() => Some(
            plan.iter()
                .map(|item| code.iter().filter_map(|code| agreement(item, code)).max().unwrap_or(0))
                .sum::<usize>(),
        ),
        (Kind::List(_), Kind::List(_)) => None,
        (Kind::Unknown(_) | Kind::Reference(_), _) => Some(usize::from(!is_known(code))),
        (Kind::Null, Kind::String(text)) if text.is_empty() => Some(0),
        _ if is_known(code) => same_scalar(plan, code).then_some(2),
        _ => Some(0),
    }
}
