//! Unary and binary operators, by Terraform's conversions.

use super::ast::{Binary, Unary};
use super::datum::{Datum, Evaluated, Fault, Kind};
use super::float::{self, Operation};
use super::{equality, types};
use crate::source::Span;
use crate::value::{Formula, Number, Reason, Unknown};
use bigdecimal::{BigDecimal, Zero as _};
use std::sync::Arc;

pub(crate) fn unary(operator: Unary, operand: Datum, span: Span) -> Evaluated {
    match operator {
        Unary::Negate => {
            let operand = required(types::convert(operand, &types::Type::Number, span)?, span)?;
            match operand.as_number() {
                Some(number) => Ok(Datum::number(Number::from(-number.decimal()), span)),
                None => Ok(opaque(&operand, &format!("-{}", operand.brief()), span)),
            }
        }
        Unary::Not => {
            let operand = required(types::convert(operand, &types::Type::Bool, span)?, span)?;
            match truth(&operand) {
                Truth::Known(value) => Ok(Datum::bool(!value, span)),
                Truth::Open(formula, unknown) => Ok(Datum::new(Kind::Test(Formula::opposite(&formula), unknown), span)),
            }
        }
    }
}

pub(crate) fn binary(operator: Binary, left: Datum, right: Datum, span: Span) -> Evaluated {
    match operator {
        Binary::Equal => Ok(equality::equal(&left, &right, span)),
        Binary::NotEqual => match equality::equal(&left, &right, span).kind {
            Kind::Bool(value) => Ok(Datum::bool(!value, span)),
            Kind::Test(formula, unknown) => Ok(Datum::new(Kind::Test(Formula::opposite(&formula), unknown), span)),
            other => Ok(Datum::new(other, span)),
        },
        Binary::And | Binary::Or => logical(operator, left, right, span),
        _ => arithmetic(operator, left, right, span),
    }
}

/// A boolean, or the formula that it hangs on.
pub(crate) enum Truth {
    Known(bool),
    Open(Arc<Formula>, Unknown),
}

pub(crate) fn truth(value: &Datum) -> Truth {
    match &value.kind {
        Kind::Bool(value) => Truth::Known(*value),
        Kind::Test(formula, unknown) => Truth::Open(Arc::clone(formula), unknown.clone()),
        _ => {
            let text: Arc<str> = value.brief().into();
            let unknown = value
                .first_unknown()
                .unwrap_or_else(|| Unknown { reason: Reason::NotEvaluated, what: Arc::clone(&text) });
            Truth::Open(Arc::new(Formula::Atom(text)), unknown)
        }
    }
}

fn required(value: Datum, span: Span) -> Evaluated {
    if value.is_null() { Err(Fault::invalid("an operand is null", span)) } else { Ok(value) }
}

fn logical(operator: Binary, left: Datum, right: Datum, span: Span) -> Evaluated {
    let left = required(types::convert(left, &types::Type::Bool, span)?, span)?;
    let right = required(types::convert(right, &types::Type::Bool, span)?, span)?;
    let deciding = operator == Binary::Or;
    Ok(match (truth(&left), truth(&right)) {
        (Truth::Known(a), Truth::Known(b)) => Datum::bool(if deciding { a || b } else { a && b }, span),
        (Truth::Known(known), Truth::Open(formula, unknown)) | (Truth::Open(formula, unknown), Truth::Known(known)) => {
            if known == deciding {
                Datum::bool(known, span)
            } else {
                Datum::new(Kind::Test(formula, unknown), span)
            }
        }
        (Truth::Open(a, unknown), Truth::Open(b, _)) => {
            Datum::new(Kind::Test(Formula::joined(a, b, deciding), unknown), span)
        }
    })
}

fn arithmetic(operator: Binary, left: Datum, right: Datum, span: Span) -> Evaluated {
    let left = required(types::convert(left, &types::Type::Number, span)?, span)?;
    let right = required(types::convert(right, &types::Type::Number, span)?, span)?;
    let (Some(a), Some(b)) = (left.as_number(), right.as_number()) else {
        let text = format!("{} {} {}", left.brief(), symbol(operator), right.brief());
        let cause = if left.is_unknown() { &left } else { &right };
        let result = opaque(cause, &text, span);
        if matches!(operator, Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual) {
            let unknown = result.first_unknown();
            let formula = Arc::new(Formula::Atom(text.into()));
            return Ok(match unknown {
                Some(unknown) => Datum::new(Kind::Test(formula, unknown), span),
                None => result,
            });
        }
        return Ok(result);
    };
    let (a, b) = (a.decimal(), b.decimal());
    Ok(match operator {
        Binary::Less => Datum::bool(a < b, span),
        Binary::LessOrEqual => Datum::bool(a <= b, span),
        Binary::Greater => Datum::bool(a > b, span),
        Binary::GreaterOrEqual => Datum::bool(a >= b, span),
        Binary::Add => computed(Operation::Add, a, b, span),
        Binary::Subtract => computed(Operation::Subtract, a, b, span),
        Binary::Multiply => computed(Operation::Multiply, a, b, span),
        // Terraform makes an infinite number of it, which nothing accepts.
        Binary::Divide if b.is_zero() => return Err(Fault::invalid("division by zero", span)),
        Binary::Divide => computed(Operation::Divide, a, b, span),
        Binary::Remainder if b.is_zero() => left.clone(),
        Binary::Remainder => Datum::number(Number::from(a % b), span),
        Binary::Or | Binary::And | Binary::Equal | Binary::NotEqual => {
            return Err(Fault::invalid("not an arithmetic operator", span));
        }
    })
}

fn computed(operation: Operation, a: &BigDecimal, b: &BigDecimal, span: Span) -> Datum {
    Datum::number(Number::from(float::compute(operation, a, b)), span)
}

pub(crate) fn symbol(operator: Binary) -> &'static str {
    match operator {
        Binary::Or => "||",
        Binary::And => "&&",
        Binary::Equal => "==",
        Binary::NotEqual => "!=",
        Binary::Less => "<",
        Binary::LessOrEqual => "<=",
        Binary::Greater => ">",
        Binary::GreaterOrEqual => ">=",
        Binary::Add => "+",
        Binary::Subtract => "-",
        Binary::Multiply => "*",
        Binary::Divide => "/",
        Binary::Remainder => "%",
    }
}

/// The unknown result of an operation over `cause`: its reason, and a name that tells different operations apart.
pub(crate) fn opaque(cause: &Datum, operation: &str, span: Span) -> Datum {
    let inner = cause.first_unknown();
    let reason = inner.as_ref().map_or(Reason::NotEvaluated, |unknown| unknown.reason.clone());
    let what = match &inner {
        // Nested operations name the same cause: only the outermost text is kept.
        Some(unknown) => format!("{} in {operation}", unknown.cause()),
        None => operation.to_owned(),
    };
    Datum::unknown(reason, what, span)
}
