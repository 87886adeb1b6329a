//! Terraform's built-in functions: one table a family, with the parameter types of `terraform metadata functions`.

mod collection;
mod conversion;
mod csv;
mod date;
mod encoding;
mod file;
mod format;
mod glob;
mod hash;
mod ip;
pub(crate) mod json_text;
mod mapping;
mod number;
mod pattern;
mod sets;
mod string;
mod yaml_read;
mod yaml_text;

use super::datum::{Datum, Evaluated, Fault, Kind, MOST_REFERENCES, Sequence};
use super::evaluator::Evaluator;
use super::template::MOST_SOURCES;
use super::types::{self, Type};
use super::{choice, operators, order};
use crate::source::Span;
use crate::value::Reason;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// A function's row in its family's table.
pub(crate) struct Function {
    name: &'static str,
    parameters: &'static [Parameter],
    variadic: Option<Parameter>,
    /// What the body is ready to see.
    sees: Sees,
    body: Body,
}

type Body = fn(&Call<'_>, Vec<Datum>) -> Evaluated;

/// A parameter's type; arguments are converted to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parameter {
    Any,
    /// Any value, `null` included.
    Nullable,
    Text,
    Number,
    List,
    Texts,
    /// Texts, any of which may be `null`.
    Bools,
    Set,
    MapOfTexts,
}

/// Which unknowns reach a function's body; for the others the result is unknown without asking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sees {
    /// Only values known through and through.
    Known,
    /// Collections whose elements may be unknown.
    Elements,
    /// Anything.
    All,
}

/// What a function's body may use beside its arguments.
pub(crate) struct Call<'c> {
    pub(crate) evaluator: &'c Evaluator<'c>,
    pub(crate) name: &'static str,
    pub(crate) span: Span,
}

impl Call<'_> {
    fn invalid(&self, why: impl std::fmt::Display) -> Box<Fault> {
        Fault::invalid(format!("{}: {why}", self.name), self.span)
    }

    fn text(&self, text: impl AsRef<str>) -> Evaluated {
        let text = normalized(text.as_ref());
        self.evaluator.charge_text(text.len(), self.span)?;
        Ok(Datum::string(text, self.span))
    }

    /// Counts what a walk through the whole value visits.
    fn charge_walk(&self, value: &Datum) -> Result<(), Box<Fault>> {
        self.evaluator.charge(value.weight(), self.span)
    }

    /// The result of a function that is not computed.
    fn unevaluated(&self, arguments: &[Datum]) -> Datum {
        Datum::unknown(Reason::NotEvaluated, called(self.name, arguments), self.span)
    }

    /// The unknown result of this call, because of `cause`.
    fn opaque(&self, cause: &Datum, arguments: &[Datum]) -> Datum {
        let mut result = operators::opaque(cause, &called(self.name, arguments), self.span);
        if CUTTING.contains(&self.name) {
            let mut references = Vec::new();
            arguments.iter().for_each(|argument| argument.collect_references(MOST_REFERENCES, &mut references));
            // What another unknown may have put in its place is not known to be a piece of it; nor is what is sorted among
            // other texts.
            let of_references = !arguments.iter().any(order::holds_stranger);
            if of_references && (self.name != "sort" || references.len() > 1) {
                result.origin = result.origin.cut(references);
            }
        }
        result
    }
}

/// A call as the name of its result.
fn called(name: &str, arguments: &[Datum]) -> String {
    let briefs: Vec<_> = arguments.iter().map(Datum::brief).collect();
    format!("{name}({})", briefs.join(", "))
}

/// All text in Terraform is in Unicode's composed form.
pub(crate) fn normalized(text: &str) -> Arc<str> {
    if text.is_ascii() || is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() }
}

const fn function(name: &'static str, parameters: &'static [Parameter], sees: Sees, body: Body) -> Function {
    Function { name, parameters, variadic: None, sees, body }
}

const fn variadic(
    name: &'static str,
    parameters: &'static [Parameter],
    rest: Parameter,
    sees: Sees,
    body: Body,
) -> Function {
    Function { name, parameters, variadic: Some(rest), sees, body }
}

static FUNCTIONS: LazyLock<HashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    let families = [
        string::FUNCTIONS,
        format::FUNCTIONS,
        collection::FUNCTIONS,
        mapping::FUNCTIONS,
        sets::FUNCTIONS,
        conversion::FUNCTIONS,
        number::FUNCTIONS,
        encoding::FUNCTIONS,
        hash::FUNCTIONS,
        date::FUNCTIONS,
        ip::FUNCTIONS,
        file::FUNCTIONS,
    ];
    families.into_iter().flatten().map(|function| (function.name, function)).collect()
});

/// Functions whose result is a piece of their argument, or the argument respelled: what it is about stays the same.
const CUTTING: [&str; 21] = [
    "abspath",
    "basename",
    "chomp",
    "compact",
    "dirname",
    "distinct",
    "flatten",
    "lower",
    "matchkeys",
    "regex",
    "regexall",
    "replace",
    "sort",
    "split",
    "substr",
    "title",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "upper",
];

/// Functions that put their arguments' texts into one, whole or encoded.
const TELLING: [&str; 8] =
    ["base64encode", "format", "join", "jsonencode", "lower", "trimspace", "upper", "yamlencode"];

/// A product of more combinations of branches is not computed.
const MOST_COMBINATIONS: usize = 64;

pub(crate) fn call(evaluator: &Evaluator<'_>, name: &str, arguments: Vec<Datum>, span: Span) -> Evaluated {
    let Some(function) = FUNCTIONS.get(name) else {
        if name.contains("::") {
            return Ok(Datum::unknown(Reason::NotEvaluated, called(name, &arguments), span));
        }
        return Err(Fault::invalid(format!("there is no function \"{name}\""), span));
    };
    let enough = arguments.len() >= function.parameters.len();
    if !enough || (function.variadic.is_none() && arguments.len() > function.parameters.len()) {
        return Err(Fault::invalid(format!("{name} takes another number of arguments"), span));
    }
    let call = Call { evaluator, name: function.name, span };
    let secretive = evaluator.sensitive_seen.get() && arguments.iter().any(Datum::holds_sensitive);
    let refused = secretive.then(|| called(name, &arguments));
    let sensitive = evaluator.sensitive_seen.get() && marks_result(function, &arguments);
    let combinations = arguments.iter().fold(1_usize, |product, argument| match &argument.kind {
        Kind::Choice(branches) => product.saturating_mul(branches.len()),
        _ => product,
    });
    let result = if combinations > MOST_COMBINATIONS {
        arguments
            .iter()
            .find(|argument| matches!(argument.kind, Kind::Choice(_)))
            .map_or_else(|| Ok(Datum::null(span)), |cause| Ok(call.opaque(cause, &arguments)))
    } else {
        choice::map(arguments, span, &mut |arguments| apply(&call, function, arguments))
    };
    match (result, refused) {
        (Ok(value), _) => Ok(value.marked(sensitive)),
        (Err(fault), Some(what)) => Err(unspoken(*fault, what)),
        (Err(fault), None) => Err(fault),
    }
}

/// The fault of a call with sensitive arguments, of which it may tell nothing.
fn unspoken(fault: Fault, what: String) -> Box<Fault> {
    match fault.unknown.reason {
        Reason::Invalid(_) => Fault::invalid("a sensitive argument is not accepted here", fault.span),
        Reason::TooLarge => Box::new(fault),
        reason => Fault::new(reason, what, fault.span),
    }
}

/// Functions that pass elements on keep the elements' own marks.
fn marks_result(function: &Function, arguments: &[Datum]) -> bool {
    match function.name {
        "sensitive" | "nonsensitive" | "issensitive" => false,
        "jsonencode" | "yamlencode" | "formatlist" => arguments.iter().any(Datum::holds_sensitive),
        _ if function.sees == Sees::Known => arguments.iter().any(Datum::holds_sensitive),
        _ => arguments.iter().any(|argument| argument.sensitive),
    }
}

fn apply(call: &Call<'_>, function: &Function, arguments: Vec<Datum>) -> Evaluated {
    let parameters = function.parameters.iter().copied().chain(std::iter::repeat_n(
        function.variadic.unwrap_or(Parameter::Any),
        arguments.len().saturating_sub(function.parameters.len()),
    ));
    let mut converted = Vec::with_capacity(arguments.len());
    for (argument, parameter) in arguments.into_iter().zip(parameters) {
        if argument.is_null() && parameter != Parameter::Nullable {
            return Err(call.invalid("an argument is null"));
        }
        converted.push(types::convert(argument, &parameter.of(), call.span)?);
    }
    let unknown = match function.sees {
        Sees::All => None,
        Sees::Elements => converted.iter().find(|argument| argument.is_unknown()),
        Sees::Known => converted.iter().find(|argument| !argument.is_wholly_known()),
    };
    if let Some(cause) = unknown {
        return Ok(call.opaque(cause, &converted));
    }
    let mut sources = Vec::new();
    if TELLING.contains(&call.name) {
        converted.iter().for_each(|argument| argument.collect_sources(MOST_SOURCES, &mut sources));
    }
    let mut result = call.evaluator.bounded(call.span, || (function.body)(call, converted))?;
    if !sources.is_empty() {
        result.origin = result.origin.cut(sources);
    }
    Ok(result)
}

impl Parameter {
    fn of(self) -> Type {
        match self {
            Self::Any | Self::Nullable => Type::Any,
            Self::Text => Type::String,
            Self::Number => Type::Number,
            Self::List => Type::list(Type::Any),
            Self::Texts => Type::list(Type::String),
            Self::Bools => Type::list(Type::Bool),
            Self::Set => Type::set(Type::Any),
            Self::MapOfTexts => Type::map(Type::list(Type::String)),
        }
    }
}

/// The text of an argument that the table says is one and known.
fn text(arguments: &[Datum], position: usize) -> &str {
    arguments.get(position).and_then(Datum::as_str).unwrap_or_default()
}

/// The items of an argument that the table says is a list.
fn items(arguments: &[Datum], position: usize) -> &[Datum] {
    arguments.get(position).and_then(Datum::items).unwrap_or(&[])
}

fn sequence_shape(value: &Datum) -> Option<Sequence> {
    match &value.kind {
        Kind::Sequence(shape, _) => Some(*shape),
        _ => None,
    }
}

/// A whole number given as argument.
fn integer(call: &Call<'_>, arguments: &[Datum], position: usize) -> Result<i64, Box<Fault>> {
    let number = arguments.get(position).and_then(Datum::as_number);
    number.and_then(crate::value::Number::as_i64).ok_or_else(|| call.invalid("a whole number is required"))
}
