//! Functions over numbers.

use super::{Call, Function, Parameter, Sees, function, integer, text, variadic};
use crate::terraform::datum::{Datum, Evaluated};
use crate::terraform::float;
use crate::value::Number;
use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, RoundingMode, Signed as _, Zero as _};
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    function("abs", &[Parameter::Number], Sees::Known, |call, a| number(call, decimal(&a, 0).abs())),
    function("ceil", &[Parameter::Number], Sees::Known, |call, a| {
        number(call, decimal(&a, 0).with_scale_round(0, RoundingMode::Ceiling))
    }),
    function("floor", &[Parameter::Number], Sees::Known, |call, a| {
        number(call, decimal(&a, 0).with_scale_round(0, RoundingMode::Floor))
    }),
    function("log", &[Parameter::Number, Parameter::Number], Sees::Known, |call, a| {
        let (value, base) = (float(&a, 0), float(&a, 1));
        from_float(call, value.ln() / base.ln())
    }),
    variadic("max", &[], Parameter::Number, Sees::Known, |call, a| extreme(call, &a, Ordering::Greater)),
    variadic("min", &[], Parameter::Number, Sees::Known, |call, a| extreme(call, &a, Ordering::Less)),
    function("parseint", &[Parameter::Any, Parameter::Number], Sees::Known, |call, a| parse_int(call, &a)),
    function("pow", &[Parameter::Number, Parameter::Number], Sees::Known, |call, a| {
        from_float(call, float(&a, 0).powf(float(&a, 1)))
    }),
    function("signum", &[Parameter::Number], Sees::Known, |call, a| {
        let number = decimal(&a, 0);
        if crate::value::Number::from(number.clone()).as_i64().is_none() {
            return Err(call.invalid("a whole number of at most 64 bits is required"));
        }
        let sign = if number.is_zero() {
            0
        } else if number.is_negative() {
            -1
        } else {
            1
        };
        Ok(Datum::number(sign, call.span))
    }),
];

fn decimal(arguments: &[Datum], position: usize) -> BigDecimal {
    let number = arguments.get(position).and_then(Datum::as_number);
    number.map_or_else(|| BigDecimal::from(0), |number| number.decimal().clone())
}

fn float(arguments: &[Datum], position: usize) -> f64 {
    arguments.get(position).and_then(Datum::as_number).map_or(f64::NAN, Number::as_f64)
}

fn number(call: &Call<'_>, number: BigDecimal) -> Evaluated {
    Ok(Datum::number(Number::from(number), call.span))
}

fn from_float(call: &Call<'_>, result: f64) -> Evaluated {
    if !result.is_finite() {
        return Err(call.invalid("the result is no finite number"));
    }
    match float::from_double(result) {
        Some(value) => number(call, value),
        None => Err(call.invalid("the result is no finite number")),
    }
}

fn extreme(call: &Call<'_>, arguments: &[Datum], wanted: Ordering) -> Evaluated {
    let mut best: Option<&Datum> = None;
    for argument in arguments {
        let better = best.is_none_or(|best| argument.as_number().cmp(&best.as_number()) == wanted);
        if better {
            best = Some(argument);
        }
    }
    best.cloned().ok_or_else(|| call.invalid("at least one number is required"))
}

fn parse_int(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let base = integer(call, arguments, 1)?;
    let base = u32::try_from(base).ok().filter(|base| (2..=62).contains(base));
    let base = base.ok_or_else(|| call.invalid("the base must be from 2 to 62"))?;
    let source = text(arguments, 0);
    call.evaluator.charge(source.len(), call.span)?;
    let (negative, digits) = match source.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, source.strip_prefix('+').unwrap_or(source)),
    };
    let mut value = BigInt::from(0);
    if digits.is_empty() || digits.len() > 4_096 {
        return Err(call.invalid("this is no whole number"));
    }
    for c in digits.chars() {
        let digit = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            'a'..='z' => u32::from(c) - u32::from('a') + 10,
            // Above 36 capital letters are digits of their own.
            'A'..='Z' if base <= 36 => u32::from(c) - u32::from('A') + 10,
            'A'..='Z' => u32::from(c) - u32::from('A') + 36,
            _ => base,
        };
        if digit >= base {
            return Err(call.invalid("this is no whole number in the base"));
        }
        value = value * base + digit;
    }
    let value = if negative { -value } else { value };
    Ok(Datum::number(Number::from(BigDecimal::from(value)), call.span))
}
