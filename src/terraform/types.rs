//! Type constraints and conversion to them, by Terraform's rules.

use super::ast::{Expr, ExprKind};
use super::datum::{Branch, Datum, Entries, Evaluated, Fault, Kind, Mapping, Sequence};
use super::unify::unify;
use super::{choice, equality, operators, order};
use crate::source::Span;
use crate::value::{Number, Reason, Unknown};
use std::collections::BTreeMap;
use std::str::FromStr as _;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(crate) enum Type {
    /// Not constrained, or not known.
    Any,
    Bool,
    Number,
    String,
    Sequence(Sequence, Box<Self>),
    Map(Box<Self>),
    Tuple(Vec<Self>),
    Object(BTreeMap<Arc<str>, Field>),
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) of: Type,
    pub(crate) optional: bool,
    /// The second argument of `optional(...)`.
    pub(crate) default: Option<Datum>,
}

impl Type {
    pub(crate) fn list(of: Self) -> Self {
        Self::Sequence(Sequence::List, Box::new(of))
    }

    pub(crate) fn set(of: Self) -> Self {
        Self::Sequence(Sequence::Set, Box::new(of))
    }

    pub(crate) fn map(of: Self) -> Self {
        Self::Map(Box::new(of))
    }

    /// Reads a type constraint; `evaluate` gives the defaults of `optional(...)` their values.
    pub(crate) fn read(expr: &Expr, evaluate: &dyn Fn(&Expr) -> Datum) -> Self {
        match &expr.kind {
            ExprKind::Parenthesis(inner) => Self::read(inner, evaluate),
            ExprKind::Variable(name) => Self::named(name),
            // The quoted spelling of Terraform 0.11.
            ExprKind::String(name) => Self::named(name),
            ExprKind::Call(call) => Self::constructed(&call.name, &call.arguments, evaluate),
            _ => Self::Any,
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "string" => Self::String,
            "number" => Self::Number,
            "bool" => Self::Bool,
            "list" => Self::list(Self::Any),
            "set" => Self::set(Self::Any),
            "map" => Self::map(Self::Any),
            _ => Self::Any,
        }
    }

    fn constructed(name: &str, arguments: &[Expr], evaluate: &dyn Fn(&Expr) -> Datum) -> Self {
        let Some(first) = arguments.first() else { return Self::Any };
        match (name, &first.kind) {
            ("list", _) => Self::list(Self::read(first, evaluate)),
            ("set", _) => Self::set(Self::read(first, evaluate)),
            ("map", _) => Self::map(Self::read(first, evaluate)),
            ("tuple", ExprKind::Tuple(items)) => {
                Self::Tuple(items.iter().map(|item| Self::read(item, evaluate)).collect())
            }
            ("object", ExprKind::Object(fields)) => Self::Object(
                fields
                    .iter()
                    .filter_map(|(key, of)| match &key.kind {
                        ExprKind::String(name) => Some((Arc::clone(name), Field::read(of, evaluate))),
                        _ => None,
                    })
                    .collect(),
            ),
            _ => Self::Any,
        }
    }

    /// The type of a value; parts that are not known are `Any`.
    pub(crate) fn of(value: &Datum) -> Self {
        match &value.kind {
            Kind::Bool(_) | Kind::Test(..) => Self::Bool,
            Kind::Number(_) => Self::Number,
            Kind::String(_) | Kind::Template(_) => Self::String,
            Kind::Sequence(Sequence::Tuple, items) => Self::Tuple(items.iter().map(Self::of).collect()),
            Kind::Sequence(shape, items) => {
                Self::Sequence(*shape, Box::new(unify(items.iter().map(Self::of).collect()).unwrap_or(Self::Any)))
            }
            Kind::Mapping(Mapping::Object | Mapping::Block, entries) => Self::Object(
                entries
                    .iter()
                    .map(|(key, value)| {
                        (Arc::clone(key), Field { of: Self::of(value), optional: false, default: None })
                    })
                    .collect(),
            ),
            Kind::Mapping(Mapping::Map, entries) => {
                Self::map(unify(entries.values().map(Self::of).collect()).unwrap_or(Self::Any))
            }
            Kind::Choice(branches) => {
                let valid = branches.iter().filter(|branch| !branch.value.is_invalid());
                unify(valid.map(|branch| Self::of(&branch.value)).collect()).unwrap_or(Self::Any)
            }
            Kind::Null | Kind::Reference(_) | Kind::Instance(_) | Kind::Unknown(_) => Self::Any,
        }
    }
}

impl Type {
    /// The type that an expression has whatever its value. Terraform's null keeps its type, and here it has none.
    pub(crate) fn stated(expr: &Expr) -> Self {
        match &expr.kind {
            ExprKind::Parenthesis(inner) => Self::stated(inner),
            ExprKind::Call(call) => match &*call.name {
                "tolist" => Self::list(Self::Any),
                "toset" => Self::set(Self::Any),
                "tomap" => Self::map(Self::Any),
                _ => Self::Any,
            },
            _ => Self::Any,
        }
    }
}

impl Type {
    /// Whether a part of it is left to the value.
    fn is_open(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::Sequence(_, of) | Self::Map(of) => of.is_open(),
            Self::Tuple(items) => items.iter().any(Self::is_open),
            Self::Object(fields) => fields.values().any(|field| field.of.is_open()),
        }
    }

    /// What `optional(...)` puts in the place of what is null or absent, as a name for it; `None` where nothing is.
    fn defaults(&self) -> Option<String> {
        match self {
            Self::Any | Self::Bool | Self::Number | Self::String => None,
            Self::Sequence(_, of) | Self::Map(of) => of.defaults().map(|inner| format!("[{inner}]")),
            Self::Tuple(items) => {
                let inner: Vec<_> = items.iter().filter_map(Self::defaults).collect();
                (!inner.is_empty()).then(|| format!("[{}]", inner.join(", ")))
            }
            Self::Object(fields) => {
                let of_field = |(name, field): (&Arc<str>, &Field)| match &field.default {
                    Some(default) => Some(format!("{name} = {}", default.brief())),
                    None => field.of.defaults().map(|inner| format!("{name} = {inner}")),
                };
                let inner: Vec<_> = fields.iter().filter_map(of_field).collect();
                (!inner.is_empty()).then(|| format!("{{{}}}", inner.join(", ")))
            }
        }
    }
}

impl Field {
    fn read(expr: &Expr, evaluate: &dyn Fn(&Expr) -> Datum) -> Self {
        if let ExprKind::Call(call) = &expr.kind
            && &*call.name == "optional"
        {
            let of = call.arguments.first().map_or(Type::Any, |of| Type::read(of, evaluate));
            return Self { of, optional: true, default: call.arguments.get(1).map(evaluate) };
        }
        Self { of: Type::read(expr, evaluate), optional: false, default: None }
    }
}

/// Converts a value to a type; a fault where Terraform refuses. Unknown values pass and stay unknown.
pub(crate) fn convert(value: Datum, to: &Type, span: Span) -> Evaluated {
    if value.is_null() && !matches!(to, Type::Any) {
        return Ok(value);
    }
    match &value.kind {
        Kind::Choice(branches) => {
            let converted: Vec<Branch> = branches
                .iter()
                .map(|branch| Branch {
                    when: branch.when.clone(),
                    value: convert(branch.value.clone(), to, span).unwrap_or_else(|fault| fault.into_datum()),
                })
                .collect();
            return Ok(value.with_kind(Kind::Choice(Arc::new(converted))));
        }
        Kind::Unknown(unknown) if !matches!(unknown.reason, Reason::Invalid(_)) => {
            return Ok(match to.defaults() {
                Some(defaults) => operators::opaque(&value, &defaults, span).from(&value),
                None => value,
            });
        }
        Kind::Reference(_) | Kind::Unknown(_) | Kind::Instance(_) => return Ok(value),
        _ => {}
    }
    match to {
        Type::Any => Ok(value),
        Type::String => to_string(value, span),
        Type::Number => to_number(value, span),
        Type::Bool => to_bool(value, span),
        Type::Sequence(shape, of) => to_sequence(value, *shape, of, span),
        Type::Map(of) => to_map(value, of, span),
        Type::Tuple(items) => to_tuple(value, items, span),
        Type::Object(fields) => to_object(&value, fields, span),
    }
}

/// The value, or the default where it is null. One that is not known may be either, and is called so.
pub(crate) fn or_default(value: Datum, default: &Datum, span: Span) -> Evaluated {
    match &value.kind {
        Kind::Null => Ok(default.clone()),
        Kind::Choice(_) => choice::map(vec![value], span, &mut |values| match values.into_iter().next() {
            Some(value) => or_default(value, default, span),
            None => Ok(default.clone()),
        }),
        Kind::Unknown(unknown) if !default.is_null() && !matches!(unknown.reason, Reason::Invalid(_)) => {
            let name = format!("coalesce({}, {})", value.brief(), default.brief());
            Ok(operators::opaque(&value, &name, span).from(&value))
        }
        _ => Ok(value),
    }
}

fn refused(value: &Datum, to: &str, span: Span) -> Box<Fault> {
    Fault::invalid(format!("{to} required, and this is {} {}", article(value.type_name()), value.type_name()), span)
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

fn to_string(value: Datum, span: Span) -> Evaluated {
    let text: Arc<str> = match &value.kind {
        Kind::String(_) | Kind::Template(_) => return Ok(value),
        Kind::Number(number) => number_text(number).into(),
        Kind::Bool(value) => value.to_string().into(),
        Kind::Test(_, unknown) => return Ok(value.with_kind(Kind::Unknown(unknown.clone()))),
        _ => return Err(refused(&value, "string", span)),
    };
    Ok(value.with_kind(Kind::String(text)))
}

/// A number as Terraform writes it into a string.
pub(crate) fn number_text(number: &Number) -> String {
    number.to_string()
}

fn to_number(value: Datum, span: Span) -> Evaluated {
    match &value.kind {
        Kind::Number(_) => Ok(value),
        Kind::String(text) => match parse_number(text) {
            Some(number) => Ok(value.with_kind(Kind::Number(number))),
            None => Err(refused(&value, "number", span)),
        },
        Kind::Template(_) => Ok(unknown_of(&value, "number")),
        _ => Err(refused(&value, "number", span)),
    }
}

/// Decimal notation only, without white space.
pub(crate) fn parse_number(text: &str) -> Option<Number> {
    let plausible = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    if plausible && text.bytes().any(|byte| byte.is_ascii_digit()) { Number::from_str(text).ok() } else { None }
}

fn to_bool(value: Datum, span: Span) -> Evaluated {
    match &value.kind {
        Kind::Bool(_) | Kind::Test(..) => Ok(value),
        Kind::String(text) => match &**text {
            "true" | "1" => Ok(value.with_kind(Kind::Bool(true))),
            "false" | "0" => Ok(value.with_kind(Kind::Bool(false))),
            _ => Err(refused(&value, "bool", span)),
        },
        Kind::Template(_) => Ok(unknown_of(&value, "bool")),
        _ => Err(refused(&value, "bool", span)),
    }
}

fn unknown_of(value: &Datum, as_type: &str) -> Datum {
    let inner = value.first_unknown();
    let reason = inner.as_ref().map_or(Reason::NotEvaluated, |unknown| unknown.reason.clone());
    let what = inner.map_or_else(|| "".into(), |unknown| unknown.what);
    let what = format!("{what} in to{as_type}({})", value.brief()).into();
    value.with_kind(Kind::Unknown(Unknown { reason, what }))
}

fn to_sequence(value: Datum, shape: Sequence, of: &Type, span: Span) -> Evaluated {
    let Kind::Sequence(from, items) = &value.kind else { return Err(refused(&value, Type::name_of(shape), span)) };
    if *from == shape && matches!(of, Type::Any) && shape != Sequence::Tuple {
        return Ok(value);
    }
    if shape != Sequence::Set
        && let Some(shuffled) = order::shuffled(&value, span)
    {
        return Ok(shuffled);
    }
    let element = element_type(items.iter(), of, span, Type::name_of(shape))?;
    let converted: Result<Vec<_>, _> = items.iter().map(|item| convert(item.clone(), &element, span)).collect();
    let mut converted = converted?;
    if let Some(common) = common_type(converted.iter(), &element, span, Type::name_of(shape))? {
        let alike: Result<Vec<_>, _> = converted.into_iter().map(|item| convert(item, &common, span)).collect();
        converted = alike?;
    }
    if shape == Sequence::Set {
        converted = equality::set_items(converted);
    }
    Ok(value.with_kind(Kind::Sequence(shape, Arc::new(converted))))
}

impl Type {
    fn name_of(shape: Sequence) -> &'static str {
        match shape {
            Sequence::Tuple => "tuple",
            Sequence::List => "list",
            Sequence::Set => "set",
        }
    }
}

/// The type that the elements of a collection get: as asked, or the common one where anything is allowed.
fn element_type<'d>(
    items: impl Iterator<Item = &'d Datum>,
    of: &Type,
    span: Span,
    collection: &str,
) -> Result<Type, Box<Fault>> {
    if !matches!(of, Type::Any) {
        return Ok(of.clone());
    }
    common(items, span, collection)
}

fn common<'d>(items: impl Iterator<Item = &'d Datum>, span: Span, collection: &str) -> Result<Type, Box<Fault>> {
    unify(items.map(Type::of).collect())
        .ok_or_else(|| Fault::invalid(format!("the elements of this {collection} have no common type"), span))
}

/// What elements of a type have in common that leaves a part of it to them; `None` where it does not.
fn common_type<'d>(
    items: impl Iterator<Item = &'d Datum>,
    of: &Type,
    span: Span,
    collection: &str,
) -> Result<Option<Type>, Box<Fault>> {
    if of.is_open() { common(items, span, collection).map(Some) } else { Ok(None) }
}

fn to_map(value: Datum, of: &Type, span: Span) -> Evaluated {
    let Kind::Mapping(from, entries) = &value.kind else { return Err(refused(&value, "map", span)) };
    if *from == Mapping::Map && matches!(of, Type::Any) {
        return Ok(value);
    }
    let element = element_type(entries.values(), of, span, "map")?;
    let all_to = |entries: &Entries, to: &Type| {
        let converted = entries.iter().map(|(key, value)| Ok((Arc::clone(key), convert(value.clone(), to, span)?)));
        converted.collect::<Result<Entries, Box<Fault>>>()
    };
    let mut converted = all_to(entries, &element)?;
    if let Some(common) = common_type(converted.values(), &element, span, "map")? {
        converted = all_to(&converted, &common)?;
    }
    Ok(value.with_kind(Kind::Mapping(Mapping::Map, Arc::new(converted))))
}

fn to_tuple(value: Datum, types: &[Type], span: Span) -> Evaluated {
    let Kind::Sequence(_, items) = &value.kind else { return Err(refused(&value, "tuple", span)) };
    if items.len() != types.len() {
        return Err(Fault::invalid(format!("tuple of {} elements required", types.len()), span));
    }
    let converted: Result<Vec<_>, _> =
        items.iter().zip(types).map(|(item, of)| convert(item.clone(), of, span)).collect();
    Ok(value.with_kind(Kind::Sequence(Sequence::Tuple, Arc::new(converted?))))
}

fn to_object(value: &Datum, fields: &BTreeMap<Arc<str>, Field>, span: Span) -> Evaluated {
    let Kind::Mapping(_, entries) = &value.kind else { return Err(refused(value, "object", span)) };
    let mut object = Entries::new();
    for (name, field) in fields {
        let converted = match (entries.get(name), &field.default) {
            (Some(given), Some(default)) => convert(or_default(given.clone(), default, span)?, &field.of, span)?,
            (Some(given), None) => convert(given.clone(), &field.of, span)?,
            (None, Some(default)) => convert(default.clone(), &field.of, span)?,
            (None, None) if field.optional => Datum::null(value.origin.span),
            (None, None) => return Err(Fault::invalid(format!("attribute \"{name}\" is required"), span)),
        };
        object.insert(Arc::clone(name), converted);
    }
    Ok(value.with_kind(Kind::Mapping(Mapping::Object, Arc::new(object))))
}
