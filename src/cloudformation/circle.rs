//! Resources that need one another in a circle, which CloudFormation refuses to deploy.

use crate::resource::{Existence, Resource};
use crate::value::{Kind, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What each resource surely needs: an address to addresses.
pub(crate) type Needs = BTreeMap<Arc<str>, BTreeSet<Arc<str>>>;

/// A circle of positions in `resources`, in its order; `explicit` holds what `DependsOn` names. What hangs on a condition is left
/// out, since its other side may break the circle.
pub(crate) fn circle(resources: &[Resource], explicit: &Needs) -> Option<Vec<usize>> {
    let certain = resources.iter().enumerate().filter(|(_, resource)| matches!(resource.exists, Existence::Certain));
    let positions: BTreeMap<&str, usize> =
        certain.map(|(position, resource)| (resource.address.as_str(), position)).collect();
    let mut needs: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut needed_by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for position in positions.values() {
        let Some(resource) = resources.get(*position) else { continue };
        let mut addresses = explicit.get(resource.address.as_str()).cloned().unwrap_or_default();
        sure_references(&resource.body, &mut addresses);
        let of: BTreeSet<usize> = addresses.iter().filter_map(|address| positions.get(&**address)).copied().collect();
        of.iter().for_each(|needed| needed_by.entry(*needed).or_default().push(*position));
        needs.insert(*position, of);
    }
    // What needs nothing any more can be made; what is left in the end stands in a circle or needs one.
    let mut ready: Vec<usize> = needs.iter().filter(|(_, of)| of.is_empty()).map(|(position, _)| *position).collect();
    while let Some(made) = ready.pop() {
        needs.remove(&made);
        for waiting in needed_by.remove(&made).unwrap_or_default() {
            let Some(of) = needs.get_mut(&waiting) else { continue };
            of.remove(&made);
            if of.is_empty() {
                ready.push(waiting);
            }
        }
    }
    let mut way: Vec<usize> = vec![*needs.keys().next()?];
    let mut passed: BTreeMap<usize, usize> = BTreeMap::new();
    loop {
        let last = *way.last()?;
        passed.insert(last, way.len() - 1);
        let next = *needs.get(&last)?.first()?;
        if let Some(start) = passed.get(&next) {
            return Some(way.split_off(*start));
        }
        way.push(next);
    }
}

fn sure_references(value: &Value, found: &mut BTreeSet<Arc<str>>) {
    match &value.kind {
        Kind::Reference(reference) => _ = found.insert(Arc::clone(&reference.target)),
        Kind::List(items) | Kind::Template(items) => items.iter().for_each(|item| sure_references(item, found)),
        Kind::Object(entries) => entries.values().for_each(|item| sure_references(item, found)),
        Kind::Choice(_) | Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {}
    }
}
