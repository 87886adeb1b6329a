//! `to...` conversions and the marks.

use super::{Call, Function, Parameter, Sees, function, variadic};
use crate::terraform::datum::{Datum, Entries, Evaluated, Kind};
use crate::terraform::types::{self, Type};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    // Gone from Terraform, but code written before 0.12 is still there.
    variadic("list", &[], Parameter::Nullable, Sees::All, legacy_list),
    variadic("map", &[], Parameter::Nullable, Sees::All, legacy_map),
    function("tobool", &[Parameter::Nullable], Sees::All, |call, a| to(call, a, &Type::Bool)),
    function("tonumber", &[Parameter::Nullable], Sees::All, |call, a| to(call, a, &Type::Number)),
    function("tostring", &[Parameter::Nullable], Sees::All, |call, a| to(call, a, &Type::String)),
    function("tolist", &[Parameter::Nullable], Sees::All, |call, a| to(call, a, &Type::list(Type::Any))),
    function("toset", &[Parameter::Nullable], Sees::All, |call, a| to(call, a, &Type::set(Type::Any))),
    function("tomap", &[Parameter::Nullable], Sees::All, |call, a| to(call, a, &Type::map(Type::Any))),
    function("sensitive", &[Parameter::Nullable], Sees::All, |call, a| {
        call.evaluator.sensitive_seen.set(true);
        Ok(first(call, a).marked(true))
    }),
    function("nonsensitive", &[Parameter::Nullable], Sees::All, |call, a| Ok(unmarked(first(call, a)))),
    function("issensitive", &[Parameter::Nullable], Sees::All, |call, a| {
        Ok(Datum::bool(first(call, a).sensitive, call.span))
    }),
    function("ephemeralasnull", &[Parameter::Nullable], Sees::All, |call, a| Ok(first(call, a))),
];

fn first(call: &Call<'_>, arguments: Vec<Datum>) -> Datum {
    arguments.into_iter().next().unwrap_or_else(|| Datum::null(call.span))
}

fn to(call: &Call<'_>, arguments: Vec<Datum>, of: &Type) -> Evaluated {
    types::convert(first(call, arguments), of, call.span)
}

fn legacy_list(call: &Call<'_>, arguments: Vec<Datum>) -> Evaluated {
    types::convert(Datum::tuple(arguments, call.span), &Type::list(Type::Any), call.span)
}

fn legacy_map(call: &Call<'_>, arguments: Vec<Datum>) -> Evaluated {
    let mut entries = Entries::new();
    for pair in arguments.chunks(2) {
        let [key, value] = pair else { return Err(call.invalid("a key has no value")) };
        let key = types::convert(key.clone(), &Type::String, call.span)?;
        let Some(name) = key.as_str() else {
            return if key.is_unknown() {
                Ok(call.opaque(&key, &arguments))
            } else {
                Err(call.invalid("a key is null"))
            };
        };
        entries.insert(name.into(), value.clone());
    }
    types::convert(Datum::object(entries, call.span), &Type::map(Type::Any), call.span)
}

fn unmarked(mut value: Datum) -> Datum {
    value.sensitive = false;
    value.kind = match value.kind {
        Kind::Sequence(shape, items) => Kind::Sequence(shape, Arc::new(items.iter().cloned().map(unmarked).collect())),
        Kind::Mapping(shape, entries) => Kind::Mapping(
            shape,
            Arc::new(entries.iter().map(|(key, value)| (Arc::clone(key), unmarked(value.clone()))).collect()),
        ),
        other => other,
    };
    value
}
