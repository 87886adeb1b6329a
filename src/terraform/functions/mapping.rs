//! Functions over maps and objects.

use super::{Call, Function, Parameter, Sees, function, items, sequence_shape, variadic};
use crate::terraform::datum::{Datum, Entries, Evaluated, Kind, Mapping, Sequence, Target};
use crate::terraform::types::{self, Type};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("keys", &[Parameter::Any], Sees::All, |call, a| keys(call, &a)),
    variadic("lookup", &[Parameter::Any, Parameter::Text], Parameter::Nullable, Sees::All, lookup),
    variadic("merge", &[], Parameter::Nullable, Sees::All, |call, a| merge(call, &a)),
    function("transpose", &[Parameter::MapOfTexts], Sees::Known, |call, a| transpose(call, &a)),
    function("values", &[Parameter::Any], Sees::All, |call, a| values(call, &a)),
    function("zipmap", &[Parameter::Texts, Parameter::Any], Sees::Elements, |call, a| zip_map(call, &a)),
];

fn keys(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    match arguments.first().map(|argument| (&argument.kind, argument)) {
        Some((Kind::Mapping(shape, entries), _)) => {
            let names = entries.keys().map(|key| Datum::string(Arc::clone(key), call.span)).collect();
            let shape = if *shape == Mapping::Map { Sequence::List } else { Sequence::Tuple };
            Ok(Datum::sequence(shape, names, call.span))
        }
        Some((_, argument)) if argument.is_open() => Ok(call.opaque(argument, arguments)),
        _ => Err(call.invalid("a map is required")),
    }
}

fn values(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    match arguments.first().map(|argument| (&argument.kind, argument)) {
        Some((Kind::Mapping(shape, entries), _)) => {
            let shape = if *shape == Mapping::Map { Sequence::List } else { Sequence::Tuple };
            Ok(Datum::sequence(shape, entries.values().cloned().collect(), call.span))
        }
        Some((Kind::Reference(_), argument)) => Ok(argument.clone()),
        Some((Kind::Instance(_), argument)) if argument.is_symbolic() => Ok(argument.clone()),
        Some((_, argument)) if argument.is_open() => Ok(call.opaque(argument, arguments)),
        _ => Err(call.invalid("a map is required")),
    }
}

/// The arguments with the default, which is part of what the result is.
fn with(arguments: &[Datum], default: Option<Datum>) -> Vec<Datum> {
    arguments.iter().cloned().chain(default).collect()
}

/// `collection[key]`, or the default where there is no such key.
fn lookup(call: &Call<'_>, mut arguments: Vec<Datum>) -> Evaluated {
    if arguments.len() > 3 {
        return Err(call.invalid("at most three arguments are allowed"));
    }
    let default = if arguments.len() > 2 { arguments.pop() } else { None };
    let [collection, key] = arguments.as_slice() else { return Err(call.invalid("two arguments are required")) };
    match &collection.kind {
        Kind::Mapping(_, entries) => {
            let default = match (default, Type::of(collection)) {
                (Some(default), Type::Map(of)) => Some(types::convert(default, &of, call.span)?),
                (default, _) => default,
            };
            match key.as_str() {
                Some(name) => found(call, name, entries.get(name).cloned(), default),
                // An empty map has no key, whatever it is.
                None if entries.is_empty() => found(call, "", None, default),
                None => Ok(call.opaque(key, &with(&arguments, default))),
            }
        }
        Kind::Instance(instance) if !collection.is_symbolic() => match (key.as_str(), &instance.target) {
            (Some(name), Target::Module { .. }) => {
                let output = call.evaluator.attribute(collection.clone(), &name.into(), call.span).ok();
                found(call, name, output, default)
            }
            // An attribute that the code does not set may be one that the provider does.
            (Some(name), Target::Resource { .. }) => {
                match call.evaluator.attribute(collection.clone(), &name.into(), call.span) {
                    Ok(set) if !matches!(set.kind, Kind::Reference(_)) => Ok(set),
                    _ => Ok(call.opaque(collection, &with(&arguments, default))),
                }
            }
            (None, _) => Ok(call.opaque(key, &with(&arguments, default))),
        },
        _ if collection.is_unknown() => Ok(call.opaque(collection, &with(&arguments, default))),
        _ => Err(call.invalid("a map is required")),
    }
}

fn found(call: &Call<'_>, name: &str, found: Option<Datum>, default: Option<Datum>) -> Evaluated {
    found.or(default).ok_or_else(|| call.invalid(format!("there is no key \"{name}\"")))
}

/// Maps of one type make a map, everything else an object.
fn merge(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let mut merged = Entries::new();
    let mut types: Vec<Type> = Vec::new();
    let mut sensitive = false;
    for argument in arguments {
        match &argument.kind {
            Kind::Null => {}
            Kind::Mapping(_, entries) => {
                types.push(Type::of(argument));
                sensitive |= argument.sensitive;
                merged.extend(entries.iter().map(|(key, value)| (Arc::clone(key), value.clone())));
            }
            _ if argument.is_open() => {
                return Ok(call.opaque(argument, arguments));
            }
            _ => return Err(call.invalid("an argument is no map")),
        }
    }
    call.evaluator.charge(merged.len(), call.span)?;
    let maps =
        matches!(types.as_slice(), [first @ Type::Map(_), rest @ ..] if rest.iter().all(|other| equal(first, other)));
    let merged = Datum::object(merged, call.span).marked(sensitive);
    if maps { types::convert(merged, &Type::map(Type::Any), call.span) } else { Ok(merged) }
}

/// Whether two types are one; what is not known of them may be.
fn equal(first: &Type, second: &Type) -> bool {
    match (first, second) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::Sequence(a, first), Type::Sequence(b, second)) => a == b && equal(first, second),
        (Type::Map(first), Type::Map(second)) => equal(first, second),
        (Type::Tuple(first), Type::Tuple(second)) => {
            first.len() == second.len() && first.iter().zip(second).all(|(a, b)| equal(a, b))
        }
        (Type::Object(first), Type::Object(second)) => {
            first.keys().eq(second.keys()) && first.values().zip(second.values()).all(|(a, b)| equal(&a.of, &b.of))
        }
        _ => std::mem::discriminant(first) == std::mem::discriminant(second),
    }
}

fn transpose(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let mut turned: BTreeMap<Arc<str>, Vec<Datum>> = BTreeMap::new();
    let entries = arguments.first().and_then(Datum::entries);
    for (key, values) in entries.into_iter().flatten() {
        let values = values.items().ok_or_else(|| call.invalid("a list is null"))?;
        for value in values {
            let name = value.as_str().ok_or_else(|| call.invalid("an element is null"))?;
            turned.entry(name.into()).or_default().push(Datum::string(Arc::clone(key), call.span));
        }
    }
    let sensitive = arguments.iter().any(Datum::holds_sensitive);
    let entries = turned.into_iter().map(|(key, keys)| (key, Datum::list(keys, call.span)));
    Ok(Datum::mapping(Mapping::Map, entries.collect(), call.span).marked(sensitive))
}

fn zip_map(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let keys = items(arguments, 0);
    let shape = match arguments.get(1).and_then(sequence_shape) {
        Some(Sequence::Tuple) => Mapping::Object,
        Some(Sequence::List) => Mapping::Map,
        _ => return Err(call.invalid("a list of values is required")),
    };
    let values = items(arguments, 1);
    if keys.len() != values.len() {
        return Err(call.invalid("keys and values differ in number"));
    }
    let mut entries = Entries::new();
    for (key, value) in keys.iter().zip(values) {
        match key.as_str() {
            Some(name) => _ = entries.insert(name.into(), value.clone()),
            None if key.is_unknown() => return Ok(call.opaque(key, arguments)),
            None => return Err(call.invalid("a key is null")),
        }
    }
    // Terraform marks the whole for a key that is marked.
    Ok(Datum::mapping(shape, entries, call.span).marked(keys.iter().any(Datum::holds_sensitive)))
}
