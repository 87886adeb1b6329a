//! Functions over sets.

use super::{Call, Function, Parameter, Sees, function, items, variadic};
use crate::terraform::datum::{Datum, Evaluated, Kind, Sequence};
use crate::terraform::equality;
use crate::terraform::types::{self, Type};
use crate::terraform::unify::unify;

pub(super) const FUNCTIONS: &[Function] = &[
    variadic("setintersection", &[Parameter::Set], Parameter::Set, Sees::Known, |call, a| intersection(call, &a)),
    variadic("setproduct", &[], Parameter::Any, Sees::Elements, |call, a| product(call, &a)),
    function("setsubtract", &[Parameter::Set, Parameter::Set], Sees::Known, |call, a| subtract(call, &a)),
    variadic("setunion", &[Parameter::Set], Parameter::Set, Sees::Elements, |call, a| union(call, &a)),
];

fn set(call: &Call<'_>, elements: Vec<Datum>) -> Evaluated {
    types::convert(Datum::tuple(elements, call.span), &Type::set(Type::Any), call.span)
}

/// The sets with elements of their common type.
fn aligned(call: &Call<'_>, arguments: &[Datum]) -> Result<Vec<Vec<Datum>>, Box<crate::terraform::datum::Fault>> {
    let all = arguments.iter().flat_map(|argument| argument.items().unwrap_or(&[]));
    let common = unify(all.map(Type::of).collect()).ok_or_else(|| call.invalid("the sets have no common type"))?;
    let convert = |item: &Datum| types::convert(item.clone(), &common, call.span);
    (0..arguments.len()).map(|position| items(arguments, position).iter().map(convert).collect()).collect()
}

fn holds(set: &[Datum], item: &Datum) -> bool {
    set.iter().any(|other| equality::same(other, item))
}

fn intersection(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let sets = aligned(call, arguments)?;
    let Some((first, rest)) = sets.split_first() else { return set(call, Vec::new()) };
    set(call, first.iter().filter(|item| rest.iter().all(|set| holds(set, item))).cloned().collect())
}

fn subtract(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let sets = aligned(call, arguments)?;
    let [from, taken] = sets.as_slice() else { return Err(call.invalid("two sets are required")) };
    set(call, from.iter().filter(|item| !holds(taken, item)).cloned().collect())
}

fn union(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    set(call, aligned(call, arguments)?.into_iter().flatten().collect())
}

fn product(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    if arguments.len() < 2 {
        return Err(call.invalid("at least two collections are required"));
    }
    let mut shapes = Vec::new();
    let mut total = 1_usize;
    for argument in arguments {
        match &argument.kind {
            Kind::Sequence(shape, items) => {
                shapes.push(*shape);
                total = total.saturating_mul(items.len());
            }
            _ => return Err(call.invalid("an argument is no list or set")),
        }
    }
    call.evaluator.charge(total.saturating_mul(arguments.len()), call.span)?;
    // Where one of them is empty, the rows of those before it are not built.
    let mut rows: Vec<Vec<Datum>> = if total == 0 { Vec::new() } else { vec![Vec::new()] };
    let ordered = !shapes.contains(&Sequence::Set);
    for argument in arguments {
        let column = if ordered { Type::list(Type::Any) } else { Type::set(Type::Any) };
        let argument = types::convert(argument.clone(), &column, call.span)?;
        let column = argument.items().unwrap_or(&[]);
        rows = rows
            .into_iter()
            .flat_map(|row| {
                column.iter().cloned().map(move |item| {
                    let mut row = row.clone();
                    row.push(item);
                    row
                })
            })
            .collect();
    }
    let rows: Vec<Datum> = rows.into_iter().map(|row| Datum::tuple(row, call.span)).collect();
    if !ordered {
        return Ok(Datum::sequence(Sequence::Set, equality::set_items(rows), call.span));
    }
    Ok(Datum::list(rows, call.span))
}
