//! Functions over lists, maps and objects.

use super::{Call, Function, Parameter, Sees, function, integer, items, sequence_shape, variadic};
use crate::terraform::datum::{Datum, Evaluated, Kind, Sequence};
use crate::terraform::types::{self, Type};
use crate::terraform::unify::unify;
use crate::terraform::{equality, float, order};
use crate::value::{Formula, Number, Reference};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("alltrue", &[Parameter::Bools], Sees::Elements, |call, a| truth(call, &a, false)),
    function("anytrue", &[Parameter::Bools], Sees::Elements, |call, a| truth(call, &a, true)),
    function("chunklist", &[Parameter::List, Parameter::Number], Sees::Elements, |call, a| chunk_list(call, &a)),
    variadic("coalesce", &[], Parameter::Nullable, Sees::All, coalesce),
    variadic("coalescelist", &[], Parameter::Nullable, Sees::All, coalesce_list),
    function("compact", &[Parameter::Texts], Sees::Elements, |call, a| compact(call, &a)),
    variadic("concat", &[], Parameter::Any, Sees::Elements, |call, a| concat(call, &a)),
    function("contains", &[Parameter::Any, Parameter::Any], Sees::All, |call, a| contains(call, &a)),
    function("distinct", &[Parameter::List], Sees::Elements, |call, a| distinct(call, &a)),
    function("element", &[Parameter::Any, Parameter::Number], Sees::All, |call, a| element(call, &a)),
    function("flatten", &[Parameter::Any], Sees::Elements, |call, a| flatten(call, &a)),
    function("index", &[Parameter::Any, Parameter::Any], Sees::Elements, |call, a| index(call, &a)),
    function("length", &[Parameter::Any], Sees::All, |call, a| length(call, &a)),
    function("matchkeys", &[Parameter::List, Parameter::List, Parameter::List], Sees::Elements, |call, a| {
        match_keys(call, &a)
    }),
    function("one", &[Parameter::Any], Sees::All, |call, a| one(call, &a)),
    variadic("range", &[], Parameter::Number, Sees::Known, |call, a| range(call, &a)),
    function("reverse", &[Parameter::Any], Sees::Elements, |call, a| reverse(call, &a)),
    function("slice", &[Parameter::Any, Parameter::Number, Parameter::Number], Sees::All, |call, a| slice(call, &a)),
    function("sort", &[Parameter::Texts], Sees::Elements, |call, a| sort(call, &a)),
    function("sum", &[Parameter::Any], Sees::Known, |call, a| sum(call, &a)),
];

/// A list from elements that get their common type.
fn typed_list(call: &Call<'_>, elements: Vec<Datum>) -> Evaluated {
    types::convert(Datum::tuple(elements, call.span), &Type::list(Type::Any), call.span)
}

fn truth(call: &Call<'_>, arguments: &[Datum], deciding: bool) -> Evaluated {
    let mut open = None;
    for item in items(arguments, 0) {
        match &item.kind {
            Kind::Bool(value) if *value == deciding => return Ok(Datum::bool(deciding, call.span)),
            Kind::Bool(_) => {}
            Kind::Null if !deciding => return Ok(Datum::bool(false, call.span)),
            Kind::Null => {}
            _ => open = Some(item),
        }
    }
    Ok(open.map_or_else(|| Datum::bool(!deciding, call.span), |cause| call.opaque(cause, arguments)))
}

fn chunk_list(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let all = items(arguments, 0);
    let size = integer(call, arguments, 1)?;
    let size = usize::try_from(size).map_err(|_| call.invalid("the size is negative"))?;
    let size = if size == 0 { all.len().max(1) } else { size };
    let chunks = all.chunks(size).map(|chunk| Datum::list(chunk.to_vec(), call.span));
    Ok(Datum::list(chunks.collect(), call.span))
}

fn coalesce(call: &Call<'_>, arguments: Vec<Datum>) -> Evaluated {
    let common = unify(arguments.iter().map(Type::of).collect())
        .ok_or_else(|| call.invalid("the arguments have no common type"))?;
    for argument in &arguments {
        match &argument.kind {
            Kind::Null => {}
            Kind::String(text) if text.is_empty() => {}
            Kind::Unknown(_) | Kind::Choice(_) => return Ok(call.opaque(argument, &arguments)),
            // A deployed attribute is taken to be set: nobody coalesces one that is not.
            _ => return types::convert(argument.clone(), &common, call.span),
        }
    }
    Err(call.invalid("no argument is set"))
}

fn coalesce_list(call: &Call<'_>, arguments: Vec<Datum>) -> Evaluated {
    let list = |it: &Datum| matches!(it.kind, Kind::Null | Kind::Sequence(Sequence::Tuple | Sequence::List, _));
    if arguments.iter().any(|argument| !list(argument) && !argument.is_unknown()) {
        return Err(call.invalid("an argument is no list"));
    }
    // A null that was given to something is the null of a list.
    if arguments.iter().any(|argument| argument.is_null() && argument.origin.steps().next().is_none()) {
        return Err(call.invalid("an argument is null"));
    }
    for argument in &arguments {
        match &argument.kind {
            Kind::Null => {}
            Kind::Sequence(_, items) if items.is_empty() => {}
            Kind::Sequence(..) | Kind::Reference(_) => return Ok(argument.clone()),
            _ => return Ok(call.opaque(argument, &arguments)),
        }
    }
    Err(call.invalid("no argument holds anything"))
}

fn compact(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let kept = items(arguments, 0).iter().filter(|item| !item.is_null() && item.as_str() != Some("")).cloned();
    let kept: Vec<_> = kept.collect();
    if let Some(unknown) = kept.iter().find(|item| !surely_set(call, item)) {
        return Ok(call.opaque(unknown, arguments));
    }
    Ok(Datum::list(kept, call.span))
}

/// Whether what is a text, known or not, is surely neither null nor empty.
fn surely_set(call: &Call<'_>, text: &Datum) -> bool {
    match &text.kind {
        Kind::String(text) => !text.is_empty(),
        Kind::Template(parts) => parts.iter().any(|part| surely_set(call, part)),
        Kind::Reference(reference) => call.evaluator.surely_set(reference).is_some(),
        _ => false,
    }
}

fn concat(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    if arguments.is_empty() {
        return Err(call.invalid("at least one list is required"));
    }
    let lists = arguments.iter().all(|argument| sequence_shape(argument) == Some(Sequence::List));
    let mut all = Vec::new();
    for argument in arguments {
        match &argument.kind {
            Kind::Sequence(Sequence::Tuple | Sequence::List, items) => {
                all.extend(items.iter().cloned().map(|item| item.marked(argument.sensitive)))
            }
            _ => return Err(call.invalid("an argument is no list")),
        }
    }
    call.evaluator.charge(all.len(), call.span)?;
    if lists { typed_list(call, all) } else { Ok(Datum::tuple(all, call.span)) }
}

fn contains(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let [collection, wanted] = arguments else { return Err(call.invalid("two arguments are required")) };
    let Some(all) = collection.items() else {
        if collection.is_unknown() {
            return Ok(call.opaque(collection, arguments));
        }
        return Err(call.invalid("a list or set is required"));
    };
    let mut open = Vec::new();
    let mut cause = None;
    for item in all {
        let result = equality::equal(item, wanted, call.span);
        match result.kind {
            Kind::Bool(true) => return Ok(Datum::bool(true, call.span)),
            Kind::Test(formula, unknown) => {
                open.push(formula);
                cause.get_or_insert(unknown);
            }
            _ => {}
        }
    }
    Ok(match cause {
        None => Datum::bool(false, call.span),
        Some(unknown) => Datum::new(Kind::Test(Arc::new(Formula::Any(open)), unknown), call.span),
    })
}

fn distinct(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let all = items(arguments, 0);
    call.evaluator.charge(all.len().saturating_mul(all.len()) / 16, call.span)?;
    let mut kept: Vec<Datum> = Vec::new();
    for item in all {
        if !kept.iter().any(|other| order::alike(other, item)) {
            kept.push(item.clone());
        }
    }
    match order::doubtful(&kept) {
        Some(cause) => Ok(call.opaque(cause, arguments)),
        None => Ok(Datum::list(kept, call.span)),
    }
}

fn element(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let [collection, position] = arguments else { return Err(call.invalid("two arguments are required")) };
    let Some(all) = collection.items() else {
        return match &collection.kind {
            Kind::Reference(_) => call.evaluator.element(collection, position.clone(), call.span),
            _ if collection.is_unknown() => Ok(call.opaque(collection, arguments)),
            _ => Err(call.invalid("a list is required")),
        };
    };
    if position.is_unknown() {
        return Ok(call.opaque(position, arguments));
    }
    let at = integer(call, arguments, 1)?;
    let length = i64::try_from(all.len()).unwrap_or(i64::MAX);
    if length == 0 {
        return Err(call.invalid("the list is empty"));
    }
    match sequence_shape(collection) {
        Some(Sequence::Set) => return Err(call.invalid("a set has no order")),
        Some(Sequence::Tuple) if at < 0 && at % length != 0 => return Err(call.invalid("the index is negative")),
        _ => {}
    }
    let at = usize::try_from(at.rem_euclid(length)).unwrap_or(0);
    all.get(at).cloned().ok_or_else(|| call.invalid("there is no such element"))
}

fn flatten(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let Some(argument) = arguments.first() else { return Err(call.invalid("one argument is required")) };
    if sequence_shape(argument).is_none() {
        return Err(call.invalid("a list is required"));
    }
    call.charge_walk(argument)?;
    let mut flat = Vec::new();
    let mut unknown = None;
    flatten_into(call, argument, &mut flat, &mut unknown);
    if let Some(cause) = unknown {
        return Ok(call.opaque(&cause, arguments));
    }
    Ok(Datum::tuple(flat, call.span))
}

fn flatten_into(call: &Call<'_>, value: &Datum, flat: &mut Vec<Datum>, unknown: &mut Option<Datum>) {
    let shuffled = order::shuffled(value, call.span);
    let value = shuffled.as_ref().unwrap_or(value);
    let Some(items) = value.items() else {
        unknown.get_or_insert_with(|| value.clone());
        return;
    };
    for item in items {
        match &item.kind {
            Kind::Sequence(..) => flatten_into(call, item, flat, unknown),
            Kind::Reference(reference) if call.evaluator.is_text(reference) => flat.push(item.clone()),
            // One of several identifiers, which are texts.
            Kind::Unknown(_) if shuffled.is_some() => flat.push(item.clone()),
            // May be a list or not: only a scalar's shape is certain.
            Kind::Unknown(_) | Kind::Choice(_) | Kind::Reference(_) => {
                unknown.get_or_insert_with(|| item.clone());
            }
            Kind::Instance(_) if item.is_symbolic() => _ = unknown.get_or_insert_with(|| item.clone()),
            _ => flat.push(item.clone()),
        }
    }
}

fn index(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let [collection, wanted] = arguments else { return Err(call.invalid("two arguments are required")) };
    if !matches!(sequence_shape(collection), Some(Sequence::List | Sequence::Tuple)) {
        return Err(call.invalid("a list is required"));
    }
    for (position, item) in items(arguments, 0).iter().enumerate() {
        match equality::equal(item, wanted, call.span).kind {
            Kind::Bool(true) => return Ok(Datum::count(position, call.span)),
            Kind::Bool(false) => {}
            _ => return Ok(call.opaque(item, arguments)),
        }
    }
    Err(call.invalid("the list does not hold the item"))
}

fn length(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let Some(argument) = arguments.first() else { return Err(call.invalid("one argument is required")) };
    match &argument.kind {
        Kind::Sequence(Sequence::Set, items) if order::doubtful(items).is_some() => {
            Ok(call.opaque(argument, arguments))
        }
        Kind::Sequence(_, items) => Ok(Datum::count(items.len(), call.span)),
        Kind::Mapping(_, entries) => Ok(Datum::count(entries.len(), call.span)),
        Kind::String(text) => Ok(Datum::count(super::string::characters(text).len(), call.span)),
        _ if argument.is_open() => Ok(call.opaque(argument, arguments)),
        _ => Err(call.invalid("a list, map or text is required")),
    }
}

fn match_keys(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let (values, keys, wanted) = (items(arguments, 0), items(arguments, 1), items(arguments, 2));
    if values.len() != keys.len() {
        return Err(call.invalid("values and keys differ in length"));
    }
    call.evaluator.charge(keys.len().saturating_mul(wanted.len()) / 16, call.span)?;
    let common = unify(keys.iter().chain(wanted).map(Type::of).collect())
        .ok_or_else(|| call.invalid("the keys and what is searched for have no common type"))?;
    let alike = |items: &[Datum]| -> Result<Vec<Datum>, _> {
        items.iter().map(|item| types::convert(item.clone(), &common, call.span)).collect()
    };
    let (keys, wanted) = (&alike(keys)?, &alike(wanted)?);
    let mut kept = Vec::new();
    for (value, key) in values.iter().zip(keys) {
        if wanted.iter().any(|other| order::alike(other, key)) {
            kept.push(value.clone());
        } else if let Some(open) = wanted.iter().find(|other| !order::differ(other, key)) {
            return Ok(call.opaque(if key.is_unknown() { key } else { open }, arguments));
        }
    }
    Ok(Datum::list(kept, call.span))
}

fn one(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let Some(argument) = arguments.first() else { return Err(call.invalid("one argument is required")) };
    match &argument.kind {
        Kind::Sequence(_, items) => match items.as_slice() {
            [] => Ok(Datum::null(call.span)),
            [only] => Ok(only.clone()),
            several if sequence_shape(argument) == Some(Sequence::Set) && order::doubtful(several).is_some() => {
                Ok(call.opaque(argument, arguments))
            }
            _ => Err(call.invalid("the list has more than one element")),
        },
        // The one element of a list that a reference denotes.
        Kind::Reference(reference) => {
            let attribute = reference.attribute.strip_prefix("[*].").unwrap_or(&reference.attribute);
            Ok(argument.with_kind(Kind::Reference(Reference::new(Arc::clone(&reference.target), attribute))))
        }
        _ if argument.is_unknown() => Ok(call.opaque(argument, arguments)),
        _ => Err(call.invalid("a list is required")),
    }
}

fn range(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    const LONGEST: usize = 1024;
    let given: Vec<&Number> = arguments.iter().filter_map(Datum::as_number).collect();
    let (zero, one) = (Number::from(0), Number::from(1));
    let (start, end, step) = match given.as_slice() {
        [end] => (&zero, *end, None),
        [start, end] => (*start, *end, None),
        [start, end, step] => (*start, *end, Some(*step)),
        _ => return Err(call.invalid("one to three numbers are required")),
    };
    let step = step.cloned().unwrap_or_else(|| if end < start { Number::from(-1) } else { one });
    if start == end {
        return Ok(Datum::list(Vec::new(), call.span));
    }
    if step.is_zero() {
        return Err(call.invalid("the step is zero"));
    }
    let down = step < zero;
    if down != (end < start) && end != start {
        return Err(call.invalid("the step leads away from the end"));
    }
    let mut numbers = Vec::new();
    let mut at = start.decimal().clone();
    while if down { at > *end.decimal() } else { at < *end.decimal() } {
        if numbers.len() >= LONGEST {
            return Err(call.invalid("more than 1024 numbers"));
        }
        numbers.push(Datum::number(Number::from(at.clone()), call.span));
        at += step.decimal();
    }
    Ok(Datum::list(numbers, call.span))
}

fn reverse(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    if let Some(shuffled) = arguments.first().and_then(|set| order::shuffled(set, call.span)) {
        return Ok(shuffled);
    }
    let Some(shape) = arguments.first().and_then(sequence_shape) else {
        return Err(call.invalid("a list is required"));
    };
    let shape = if shape == Sequence::Set { Sequence::List } else { shape };
    Ok(Datum::sequence(shape, items(arguments, 0).iter().rev().cloned().collect(), call.span))
}

fn slice(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    if let Some(Kind::Reference(_)) = arguments.first().map(|list| &list.kind) {
        return slice_of_reference(call, arguments);
    }
    if let Some(cause) = arguments.iter().find(|argument| argument.is_unknown()) {
        return Ok(call.opaque(cause, arguments));
    }
    let shape = match arguments.first().and_then(sequence_shape) {
        Some(shape) if shape != Sequence::Set => shape,
        _ => return Err(call.invalid("a list is required")),
    };
    let (start, end) = (integer(call, arguments, 1)?, integer(call, arguments, 2)?);
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let part = range.and_then(|(start, end)| items(arguments, 0).get(start..end));
    let part = part.ok_or_else(|| call.invalid("the range does not lie within the list"))?;
    Ok(Datum::sequence(shape, part.to_vec(), call.span))
}

/// A list that only deployment can tell has at least the elements asked for, or the call fails.
fn slice_of_reference(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    const LONGEST: i64 = 256;
    let list = arguments.first().cloned().unwrap_or_else(|| Datum::null(call.span));
    if arguments.iter().skip(1).any(Datum::is_unknown) {
        return Ok(call.opaque(&list, arguments));
    }
    let (start, end) = (integer(call, arguments, 1)?, integer(call, arguments, 2)?);
    if start < 0 || end < start || end > LONGEST {
        return Ok(call.opaque(&list, arguments));
    }
    let elements: Result<Vec<_>, _> =
        (start..end).map(|at| call.evaluator.element(&list, Datum::number(at, call.span), call.span)).collect();
    Ok(Datum::list(elements?, call.span))
}

fn sort(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let mut all = items(arguments, 0).to_vec();
    if all.iter().any(Datum::is_null) {
        return Err(call.invalid("an element is null"));
    }
    if let Some(cause) = all.iter().find(|item| !item.is_wholly_known()) {
        return Ok(order::any_of(&call.opaque(cause, arguments), all.len(), call.span));
    }
    all.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    Ok(Datum::list(all, call.span))
}

fn sum(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let all = items(arguments, 0);
    if all.is_empty() {
        return Err(call.invalid("a list that is not empty is required"));
    }
    let mut total = bigdecimal::BigDecimal::from(0);
    for item in all {
        if item.is_null() {
            return Err(call.invalid("an element is null"));
        }
        let number = types::convert(item.clone(), &Type::Number, call.span)?;
        if let Some(number) = number.as_number() {
            total = float::compute(float::Operation::Add, &total, number.decimal());
        }
    }
    Ok(Datum::number(Number::from(total), call.span))
}
