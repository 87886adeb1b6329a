//! Computing with values that are one of several: an operation maps over the branches, within a bound.

use super::datum::{Branch, Datum, Evaluated, Fault, Kind};
use super::equality;
use crate::source::Span;
use crate::value::{Reason, When};
use std::sync::Arc;

/// A choice of more branches is unknown: people cannot judge it and products of choices grow without end.
pub(crate) const MOST_BRANCHES: usize = 16;

/// Applies `operation` to the values, once for each combination of branches where some are choices.
pub(crate) fn map(values: Vec<Datum>, span: Span, operation: &mut dyn FnMut(Vec<Datum>) -> Evaluated) -> Evaluated {
    let Some(position) = values.iter().position(|value| matches!(value.kind, Kind::Choice(_))) else {
        return operation(values);
    };
    let Some(Kind::Choice(branches)) = values.get(position).map(|value| value.kind.clone()) else {
        return operation(values);
    };
    let sensitive = values.get(position).is_some_and(|value| value.sensitive);
    let mut results = Vec::new();
    for branch in branches.iter() {
        let mut substituted = values.clone();
        if let Some(value) = substituted.get_mut(position) {
            *value = branch.value.clone().marked(sensitive);
        }
        let result =
            if branch.value.is_invalid() { Ok(branch.value.clone()) } else { map(substituted, span, operation) };
        let result = result.map(|result| result.marked(branch.value.sensitive));
        results.push((branch.when.clone(), result));
    }
    build(results, span)
}

/// A choice of the results; nested choices are flattened and branches that cannot be taken are dropped.
/// Only if all branches fail does the choice fail.
pub(crate) fn build(results: Vec<(When, Evaluated)>, span: Span) -> Evaluated {
    let mut flat: Vec<Branch> = Vec::new();
    let mut fault: Option<Box<Fault>> = None;
    let mut valid = false;
    for (when, result) in results {
        let value = match result {
            Ok(value) => value,
            Err(found) => {
                let value = found.clone().into_datum();
                fault.get_or_insert(found);
                flat.push(Branch { when, value });
                continue;
            }
        };
        valid = true;
        let Kind::Choice(inner) = &value.kind else {
            flat.push(Branch { when, value });
            continue;
        };
        for branch in inner.iter() {
            let combined = when.and(&branch.when);
            if combined.satisfiable() {
                let shorter = if implied(&when, &branch.when) { when.clone() } else { combined };
                flat.push(Branch { when: shorter, value: branch.value.clone().marked(value.sensitive) });
            }
        }
    }
    if let (false, Some(fault)) = (valid, fault) {
        return Err(fault);
    }
    Ok(settle(flat, span))
}

/// Whether `first` being true makes `second` true, so that saying both says no more.
fn implied(first: &When, second: &When) -> bool {
    !first.and(&second.negated()).satisfiable()
}

fn settle(branches: Vec<Branch>, span: Span) -> Datum {
    let mut branches = refused_together(branches);
    if let [first, rest @ ..] = branches.as_slice()
        && !first.value.is_invalid()
        && rest.iter().all(|branch| equality::same(&branch.value, &first.value))
    {
        return branches.swap_remove(0).value;
    }
    if branches.len() > MOST_BRANCHES {
        let what = branches.first().map_or_else(String::new, |branch| branch.when.text().to_owned());
        return Datum::unknown(Reason::TooLarge, format!("a choice by {what}"), span);
    }
    Datum::new(Kind::Choice(Arc::new(branches)), span)
}

/// The branches with those that Terraform would refuse as one, so that a text with many elements that may be missing has not
/// a branch for each way in which it may fail.
fn refused_together(branches: Vec<Branch>) -> Vec<Branch> {
    let (refused, mut kept): (Vec<_>, Vec<_>) = branches.into_iter().partition(|branch| branch.value.is_invalid());
    let conditions: Vec<When> = refused.iter().map(|branch| branch.when.clone()).collect();
    if let Some(first) = refused.into_iter().next() {
        kept.push(Branch { when: When::any(&conditions), ..first });
    }
    kept
}
