//! `format` and `formatlist`: the verbs of Go's formatted printing that Terraform has.

use super::{Call, Function, Parameter, Sees, json_text, variadic};
use crate::terraform::datum::{Datum, Evaluated, Fault, Kind};
use crate::terraform::types::{self, Type};
use crate::terraform::{order, template};
use bigdecimal::{BigDecimal, RoundingMode, Signed as _, ToPrimitive as _};

pub(super) const FUNCTIONS: &[Function] = &[
    variadic("format", &[Parameter::Text], Parameter::Nullable, Sees::All, |call, a| format(call, &a)),
    variadic("formatlist", &[Parameter::Text], Parameter::Nullable, Sees::All, |call, a| format_list(call, &a)),
];

/// `%[flags][width][.precision][[index]]verb`.
#[derive(Debug, Default)]
struct Verb {
    letter: char,
    plus: bool,
    minus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

const WIDEST: usize = 1 << 20;

fn format(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let Some((pattern, values)) = arguments.split_first() else { return Err(call.invalid("a format is required")) };
    let Some(pattern) = pattern.as_str() else { return Ok(call.opaque(pattern, arguments)) };
    let mut pieces = Vec::new();
    let mut next = 0;
    let mut highest = 0;
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        let (literal, from) = rest.split_at(at);
        pieces.push(Datum::string(literal, call.span));
        let mut scan = Scan { chars: from.chars().skip(1).collect(), at: 0 };
        let verb = scan.verb(call, &mut next)?;
        let (written, after) = from.split_at_checked(1 + scan.bytes()).unwrap_or((from, ""));
        rest = after;
        if verb.letter == '%' {
            pieces.push(Datum::string("%", call.span));
            continue;
        }
        call.evaluator.charge_text(verb.width.unwrap_or(0).max(verb.precision.unwrap_or(0)), call.span)?;
        let value = values.get(next).ok_or_else(|| call.invalid("there are fewer values than verbs"))?;
        next += 1;
        highest = highest.max(next);
        pieces.push(one(call, &verb, written, value)?);
    }
    if highest < values.len() {
        return Err(call.invalid("there are more values than verbs"));
    }
    pieces.push(Datum::string(rest, call.span));
    template::concatenate(call.evaluator, pieces, call.span)
}

struct Scan {
    chars: Vec<char>,
    at: usize,
}

impl Scan {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn bytes(&self) -> usize {
        self.chars.iter().take(self.at).map(|c| c.len_utf8()).sum()
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            number = Some((number.unwrap_or(0) * 10 + digit as usize).min(WIDEST + 1));
            self.at += 1;
        }
        number
    }

    fn verb(&mut self, call: &Call<'_>, next: &mut usize) -> Result<Verb, Box<Fault>> {
        let mut verb = Verb::default();
        while let Some(flag) = self.peek() {
            match flag {
                '+' => verb.plus = true,
                '-' => verb.minus = true,
                ' ' => verb.space = true,
                '0' => verb.zero = true,
                '#' => verb.sharp = true,
                _ => break,
            }
            self.at += 1;
        }
        verb.width = self.number();
        if self.peek() == Some('.') {
            self.at += 1;
            verb.precision = Some(self.number().unwrap_or(0));
        }
        if self.peek() == Some('[') {
            self.at += 1;
            let index = self.number().filter(|index| *index > 0);
            *next = index.map(|index| index - 1).ok_or_else(|| call.invalid("an argument's index is wrong"))?;
            if self.peek() != Some(']') {
                return Err(call.invalid("a bracket is not closed"));
            }
            self.at += 1;
        }
        if verb.width.is_some_and(|width| width > WIDEST) || verb.precision.is_some_and(|precision| precision > WIDEST)
        {
            return Err(call.evaluator.too_large("this width is too large", call.span));
        }
        verb.letter = self.peek().ok_or_else(|| call.invalid("the format ends within a verb"))?;
        self.at += 1;
        Ok(verb)
    }
}

/// The value as a verb, which is `written` so, puts it.
fn one(call: &Call<'_>, verb: &Verb, written: &str, value: &Datum) -> Evaluated {
    if value.is_unknown() {
        let plain = verb.width.is_none() && verb.precision.is_none() && matches!(verb.letter, 's' | 'v' | 'd');
        let how = || [Datum::string(written, call.span), value.clone()];
        return Ok(if plain { value.clone() } else { call.opaque(value, &how()) });
    }
    let text = match verb.letter {
        'v' => return natural(call, verb, value),
        's' => cut(&required_text(call, value)?, verb.precision),
        'q' => json_text::quoted(&cut(&required_text(call, value)?, verb.precision)),
        't' => match types::convert(value.clone(), &Type::Bool, call.span)?.kind {
            // Go's width does not apply.
            Kind::Bool(value) => return Ok(Datum::string(value.to_string(), call.span)),
            _ => return Err(call.invalid("a bool is required")),
        },
        'd' | 'b' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' => return number(call, verb, value),
        other => return Err(call.invalid(format!("there is no verb %{other}"))),
    };
    Ok(Datum::string(pad(&text, verb), call.span))
}

fn cut(text: &str, precision: Option<usize>) -> String {
    match precision {
        // No precision, as Terraform reads it.
        None | Some(0) => text.to_owned(),
        Some(length) => super::string::characters(text).into_iter().take(length).collect::<String>(),
    }
}

fn required_text(call: &Call<'_>, value: &Datum) -> Result<String, Box<Fault>> {
    if value.is_null() {
        return Err(call.invalid("a value is null"));
    }
    let text = types::convert(value.clone(), &Type::String, call.span)?;
    text.as_str().map(str::to_owned).ok_or_else(|| call.invalid("a text is required"))
}

/// `%v`: scalars as text, everything else as JSON; `%#v` is JSON for all.
fn natural(call: &Call<'_>, verb: &Verb, value: &Datum) -> Evaluated {
    let text = match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) if !verb.sharp => {
            let digits = shortest(&number.decimal().abs(), &Verb { letter: 'g', ..Verb::default() });
            format!("{}{digits}", if number.decimal().is_negative() { "-" } else { "" })
        }
        Kind::String(text) if !verb.sharp => text.to_string(),
        _ => {
            call.charge_walk(value)?;
            let mut pieces = Vec::new();
            json_text::write(
                &json_text::Node::Value(value.clone()),
                json_text::Layout::Compact,
                0,
                &mut pieces,
                call.span,
            );
            let joined = template::concatenate(call.evaluator, pieces, call.span)?;
            match joined.as_str() {
                Some(text) => text.to_owned(),
                None => return Ok(joined),
            }
        }
    };
    Ok(Datum::string(pad(&text, verb), call.span))
}

fn number(call: &Call<'_>, verb: &Verb, value: &Datum) -> Evaluated {
    if value.is_null() {
        return Err(call.invalid("a value is null"));
    }
    let converted = types::convert(value.clone(), &Type::Number, call.span)?;
    let Some(number) = converted.as_number().map(crate::value::Number::decimal) else {
        return Ok(call.opaque(value, std::slice::from_ref(value)));
    };
    let magnitude = number.abs();
    let digits = match verb.letter {
        'd' | 'b' | 'o' | 'x' | 'X' => integer_digits(call, verb, &magnitude)?,
        'f' | 'F' => {
            let places = i64::try_from(verb.precision.unwrap_or(6)).unwrap_or(6);
            magnitude.with_scale_round(places, RoundingMode::HalfEven).to_plain_string()
        }
        'e' | 'E' => scientific(&magnitude, verb.precision.unwrap_or(6), verb.letter),
        _ => shortest(&magnitude, verb),
    };
    let sign = match number.is_negative() {
        true => "-",
        false if verb.plus => "+",
        false if verb.space => " ",
        false => "",
    };
    let width = verb.width.unwrap_or(0);
    let whole = matches!(verb.letter, 'd' | 'b' | 'o' | 'x' | 'X');
    // Whole numbers that have a number of digits are padded with blanks.
    if whole && verb.precision.is_some() {
        return call.text(pad(&format!("{sign}{digits}"), &Verb { zero: false, ..*verb }));
    }
    if verb.zero && !verb.minus {
        let fill = width.saturating_sub(sign.len() + digits.len());
        return call.text(format!("{sign}{}{digits}", "0".repeat(fill)));
    }
    call.text(pad(&format!("{sign}{digits}"), verb))
}

fn integer_digits(call: &Call<'_>, verb: &Verb, magnitude: &BigDecimal) -> Result<String, Box<Fault>> {
    if !magnitude.is_integer() {
        return Err(call.invalid("a whole number is required"));
    }
    let (digits, _) = magnitude.with_scale(0).into_bigint_and_exponent();
    let (radix, prefix) = match verb.letter {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    call.evaluator.charge_text(usize::try_from(digits.bits() / 3).unwrap_or(usize::MAX), call.span)?;
    if verb.precision == Some(0) && digits.bits() == 0 {
        return Ok(String::new());
    }
    let text = digits.to_str_radix(radix);
    let text = if verb.letter == 'X' { text.to_uppercase() } else { text };
    let text = format!("{}{text}", "0".repeat(verb.precision.unwrap_or(0).saturating_sub(text.len())));
    Ok(if verb.sharp { format!("{prefix}{text}") } else { text })
}

fn scientific(magnitude: &BigDecimal, precision: usize, letter: char) -> String {
    let number = magnitude.to_f64().unwrap_or(0.0);
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    let text = format!("{mantissa}e{sign}{:02}", exponent.abs());
    if letter == 'E' { text.to_uppercase() } else { text }
}

/// `%g`: as few digits as tell the number, in scientific notation where that is much shorter.
fn shortest(magnitude: &BigDecimal, verb: &Verb) -> String {
    let plain = match verb.precision.and_then(|precision| std::num::NonZeroU64::new(precision.max(1) as u64)) {
        Some(digits) => magnitude.with_precision_round(digits, RoundingMode::HalfEven).normalized(),
        None => magnitude.normalized(),
    };
    let (digits, exponent) = plain.as_bigint_and_exponent();
    let count = i64::try_from(digits.to_string().len()).unwrap_or(i64::MAX);
    let power = count - exponent - 1;
    // Where nothing is said of the precision, Go decides as for one of six digits.
    let limit = verb.precision.map_or(6, |precision| i64::try_from(precision.max(1)).unwrap_or(6));
    if digits.bits() > 0 && (power < -4 || power >= limit) {
        let text = digits.to_string();
        let (first, rest) = text.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if power < 0 { '-' } else { '+' };
        let letter = if verb.letter == 'G' { 'E' } else { 'e' };
        return format!("{first}{point}{rest}{letter}{sign}{:02}", power.abs());
    }
    plain.to_plain_string()
}

fn pad(text: &str, verb: &Verb) -> String {
    let width = verb.width.unwrap_or(0);
    let fill = width.saturating_sub(super::string::characters(text).len());
    if verb.minus {
        format!("{text}{}", " ".repeat(fill))
    } else {
        format!("{}{text}", if verb.zero { "0" } else { " " }.repeat(fill))
    }
}

fn format_list(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let Some((pattern, values)) = arguments.split_first() else { return Err(call.invalid("a format is required")) };
    let shuffled: Vec<Datum> =
        values.iter().map(|value| order::shuffled(value, call.span).unwrap_or_else(|| value.clone())).collect();
    let values = shuffled.as_slice();
    if let Some(unknown) = arguments
        .iter()
        .take(1)
        .chain(values)
        .find(|value| value.is_unknown() && !matches!(value.kind, Kind::Template(_)))
    {
        return Ok(call.opaque(unknown, arguments));
    }
    let lengths: Vec<usize> = values.iter().filter_map(|value| value.items().map(<[Datum]>::len)).collect();
    let length = lengths.first().copied().unwrap_or(1);
    if lengths.iter().any(|other| *other != length) {
        return Err(call.invalid("the lists differ in length"));
    }
    call.evaluator.charge(length, call.span)?;
    let rows: Result<Vec<_>, _> = (0..length)
        .map(|row| {
            let mut one = vec![pattern.clone()];
            one.extend(values.iter().map(|value| match value.items() {
                Some(items) => items.get(row).cloned().unwrap_or_else(|| Datum::null(call.span)),
                None => value.clone(),
            }));
            format(call, &one)
        })
        .collect();
    Ok(Datum::list(rows?, call.span))
}
