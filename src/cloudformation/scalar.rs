//! Plain YAML scalars by the rules of YAML 1.1, which CloudFormation follows; dates stay text.

use super::tree::Shape;
use crate::value::Number;
use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;
use std::str::FromStr;

/// Digits above which a number is taken as text: nothing in a template needs more.
const LONGEST_NUMBER: usize = 400;

/// What a plain scalar means: null, a boolean, a number, otherwise text.
pub(crate) fn plain(text: &str) -> Shape {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Shape::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Shape::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Shape::Bool(false),
        _ => {}
    }
    let first_fits = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    if first_fits
        && text.len() <= LONGEST_NUMBER
        && let Some(number) = integer(text).or_else(|| float(text))
    {
        return Shape::Number(number);
    }
    Shape::Text(text.into())
}

/// Decimal, `0b`, `0x`, octal with a leading zero, and numbers to the base of 60.
fn integer(text: &str) -> Option<Number> {
    let (negative, body) = signed(text);
    let digits: String = body.chars().filter(|c| *c != '_').collect();
    let value: BigInt = if body == "0" {
        BigInt::from(0)
    } else if let Some(rest) = body.strip_prefix("0b") {
        based(rest, 2)?
    } else if let Some(rest) = body.strip_prefix("0x") {
        based(rest, 16)?
    } else if let Some(rest) = body.strip_prefix('0') {
        based(rest, 8)?
    } else if body.contains(':') {
        sexagesimal(body)?
    } else if body.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_digit()) {
        BigInt::from_str(&digits).ok()?
    } else {
        return None;
    };
    let value = if negative { -value } else { value };
    Some(Number::from(BigDecimal::from(value)))
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn based(rest: &str, base: u32) -> Option<BigInt> {
    if rest.is_empty() || !rest.chars().all(|c| c == '_' || c.is_digit(base)) {
        return None;
    }
    let digits: String = rest.chars().filter(|c| *c != '_').collect();
    if digits.is_empty() {
        return Some(BigInt::from(0));
    }
    BigInt::parse_bytes(digits.as_bytes(), base)
}

fn sexagesimal(body: &str) -> Option<BigInt> {
    let mut total = BigInt::from(0);
    for (index, part) in body.split(':').enumerate() {
        let digits: String = if index == 0 { part.chars().filter(|c| *c != '_').collect() } else { part.to_owned() };
        if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        let value = BigInt::from_str(&digits).ok()?;
        if index > 0 && (digits.len() > 2 || value >= BigInt::from(60)) {
            return None;
        }
        total = total * BigInt::from(60) + value;
    }
    Some(total)
}

/// A decimal number with a point, which its text keeps; an exponent needs its sign.
fn float(text: &str) -> Option<Number> {
    let (negative, body) = signed(text);
    let (mantissa, exponent) = match body.find(['e', 'E']) {
        Some(at) => (body.get(..at)?, Some(body.get(at + 1..)?)),
        None => (body, None),
    };
    let (whole, fraction) = mantissa.split_once('.')?;
    let digits = |part: &str| part.chars().all(|c| c == '_' || c.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.starts_with('_') {
        return None;
    }
    if whole.is_empty() && !fraction.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some(exponent) = exponent {
        let rest = exponent.strip_prefix(['+', '-'])?;
        if rest.is_empty() || !rest.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
    }
    let mut plain = String::new();
    if negative {
        plain.push('-');
    }
    plain.push('0');
    plain.extend(whole.chars().filter(|c| *c != '_'));
    plain.push('.');
    plain.extend(fraction.chars().filter(|c| *c != '_'));
    plain.push('0');
    if let Some(exponent) = exponent {
        plain.push('e');
        plain.push_str(exponent);
    }
    Number::from_str(&plain).ok().map(Number::with_point)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match plain(text) {
            Shape::Null => "null".to_owned(),
            Shape::Bool(value) => format!("bool {value}"),
            Shape::Number(number) => format!("number {number}"),
            Shape::Text(text) => format!("text {text}"),
            Shape::List(_) | Shape::Map(_) => unreachable!(),
        }
    }

    #[test]
    fn words_of_yaml_1_1_are_booleans() {
        assert_eq!(read("yes"), "bool true");
        assert_eq!(read("Off"), "bool false");
        assert_eq!(read("y"), "text y");
        assert_eq!(read("tRUE"), "text tRUE");
        assert_eq!(read("~"), "null");
    }

    #[test]
    fn numbers_keep_to_yaml_1_1() {
        assert_eq!(read("8443"), "number 8443");
        assert_eq!(read("-1_000"), "number -1000");
        assert_eq!(read("0777"), "number 511");
        assert_eq!(read("0789"), "text 0789");
        assert_eq!(read("0x1F"), "number 31");
        assert_eq!(read("0o17"), "text 0o17");
        assert_eq!(read("1:30"), "number 90");
        assert_eq!(read("80:80"), "text 80:80");
        assert_eq!(read("1.50"), "number 1.5");
        assert_eq!(read(".5"), "number 0.5");
        assert_eq!(read("1e3"), "text 1e3");
        assert_eq!(read("1.0e+3"), "number 1000.0");
        assert_eq!(read("2."), "number 2.0");
        assert_eq!(read("1.2.3"), "text 1.2.3");
        assert_eq!(read("2012-10-17"), "text 2012-10-17");
        assert_eq!(read("-"), "text -");
        assert_eq!(read("10.0.0.0/16"), "text 10.0.0.0/16");
    }
}
