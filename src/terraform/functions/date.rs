//! Dates in RFC 3339 notation.

use super::{Call, Function, Parameter, Sees, function, text};
use crate::terraform::datum::{Datum, Evaluated, Fault};
use crate::value::Reason;
use jiff::SignedDuration;
use jiff::civil::{DateTime, Weekday};
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    function("formatdate", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| format_date(call, &a)),
    function("plantimestamp", &[], Sees::All, |call, _| now(call)),
    function("timeadd", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| time_add(call, &a)),
    function("timecmp", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| time_compare(call, &a)),
    function("timestamp", &[], Sees::All, |call, _| now(call)),
];

fn now(call: &Call<'_>) -> Evaluated {
    Ok(Datum::unknown(Reason::AfterDeployment, format!("{}()", call.name), call.span))
}

/// A moment as it was written: what the clock shows, and how far it is ahead of Greenwich.
struct Moment {
    local: DateTime,
    offset: SignedDuration,
}

impl Moment {
    /// `2024-07-04T12:30:00.5+02:00`, spelled as RFC 3339 has it and no other way.
    fn read(call: &Call<'_>, source: &str) -> Result<Self, Box<Fault>> {
        Self::parse(source).ok_or_else(|| call.invalid(format!("\"{source}\" is no RFC 3339 timestamp")))
    }

    fn parse(source: &str) -> Option<Self> {
        const SHAPE: &str = "0000-00-00T00:00:00";
        let (clock, behind) = source.split_at_checked(SHAPE.len())?;
        let fraction =
            behind.strip_prefix('.').map_or(0, |digits| digits.bytes().take_while(u8::is_ascii_digit).count() + 1);
        let (fraction, zone) = behind.split_at_checked(fraction)?;
        let shaped = clock.bytes().zip(SHAPE.bytes()).all(|(is, shape)| match shape {
            b'0' => is.is_ascii_digit(),
            other => is == other,
        });
        if !shaped || fraction == "." || clock.ends_with("60") {
            return None;
        }
        Some(Self { local: format!("{clock}{fraction}").parse().ok()?, offset: offset(zone)? })
    }

    fn since_greenwich(&self) -> SignedDuration {
        self.local.duration_since(DateTime::ZERO).saturating_sub(self.offset)
    }

    /// Minutes ahead of Greenwich.
    fn minutes(&self) -> i64 {
        self.offset.as_mins()
    }
}

/// `Z`, `+02:00`
fn offset(zone: &str) -> Option<SignedDuration> {
    if zone == "Z" {
        return Some(SignedDuration::ZERO);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    let number = |digits: &str, most: i64| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|number| plain && *number <= most)
    };
    Some(SignedDuration::from_mins(sign * (number(hours, 23)? * 60 + number(minutes, 59)?)))
}

fn time_add(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let start = Moment::read(call, text(arguments, 0))?;
    let nanoseconds = duration(text(arguments, 1)).ok_or_else(|| call.invalid("this is no duration"))?;
    let span = SignedDuration::from_nanos(nanoseconds);
    let out_of_range = |_| call.invalid("the result is out of range");
    let sum = start.local.checked_add(span).map_err(out_of_range)?;
    let minutes = start.minutes().abs();
    let zone = match start.minutes() {
        0 => "Z".to_owned(),
        ahead => format!("{}{:02}:{:02}", if ahead < 0 { '-' } else { '+' }, minutes / 60, minutes % 60),
    };
    call.text(format!("{}{zone}", sum.strftime("%Y-%m-%dT%H:%M:%S")))
}

/// Go's durations: `1h30m`, `-1.5h`, `300ms`.
fn duration(source: &str) -> Option<i64> {
    let (sign, mut rest) = match source.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, source.strip_prefix('+').unwrap_or(source)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0.0_f64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let amount: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let scale = match rest.get(..unit_end)? {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        total += amount * scale;
        rest = rest.get(unit_end..)?;
    }
    let total = sign * total;
    // Larger durations do not fit Go's either.
    #[expect(clippy::cast_possible_truncation, reason = "checked to lie within the range")]
    (total.abs() < 9.223_372e18).then_some(total as i64)
}

fn time_compare(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let (first, second) = (Moment::read(call, text(arguments, 0))?, Moment::read(call, text(arguments, 1))?);
    let order = match first.since_greenwich().cmp(&second.since_greenwich()) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    };
    Ok(Datum::number(order, call.span))
}

fn format_date(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let moment = Moment::read(call, text(arguments, 1))?;
    let pattern: Vec<char> = text(arguments, 0).chars().collect();
    let mut formatted = String::new();
    let mut at = 0;
    while let Some(c) = pattern.get(at).copied() {
        if c == '\'' {
            at = literal(call, &pattern, at + 1, &mut formatted)?;
        } else if c.is_ascii_alphabetic() {
            let run = pattern.iter().skip(at).take_while(|other| **other == c).count();
            formatted.push_str(
                &field(c, run, &moment)
                    .ok_or_else(|| call.invalid(format!("no such date verb: {}", c.to_string().repeat(run))))?,
            );
            at += run;
        } else {
            formatted.push(c);
            at += 1;
        }
    }
    call.text(formatted)
}

/// Text between quotes; two quotes are one, also where they would hold nothing.
fn literal(call: &Call<'_>, pattern: &[char], mut at: usize, formatted: &mut String) -> Result<usize, Box<Fault>> {
    if pattern.get(at) == Some(&'\'') && pattern.get(at + 1) != Some(&'\'') {
        formatted.push('\'');
        return Ok(at + 1);
    }
    loop {
        match (pattern.get(at), pattern.get(at + 1)) {
            (Some('\''), Some('\'')) => {
                formatted.push('\'');
                at += 2;
            }
            (Some('\''), _) => return Ok(at + 1),
            (Some(c), _) => {
                formatted.push(*c);
                at += 1;
            }
            (None, _) => return Err(call.invalid("a quote is not closed")),
        }
    }
}

fn field(letter: char, run: usize, moment: &Moment) -> Option<String> {
    let at = &moment.local;
    let month = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = month.get(usize::try_from(at.month() - 1).ok()?)?;
    let day = match at.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    };
    let twelve = if at.hour() % 12 == 0 { 12 } else { at.hour() % 12 };
    let zone = |colon: &str| {
        let minutes = moment.minutes().abs();
        format!("{}{:02}{colon}{:02}", if moment.minutes() < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
    };
    Some(match (letter, run) {
        ('Y', 4) => format!("{:04}", at.year()),
        ('Y', 2) => format!("{:02}", at.year() % 100),
        ('M', 4) => (*month).to_owned(),
        ('M', 3) => month.get(..3)?.to_owned(),
        ('M', 2) => format!("{:02}", at.month()),
        ('M', 1) => at.month().to_string(),
        ('D', 2) => format!("{:02}", at.day()),
        ('D', 1) => at.day().to_string(),
        ('E', 4) => day.to_owned(),
        ('E', 3) => day.get(..3)?.to_owned(),
        ('h', 2) => format!("{:02}", at.hour()),
        ('h', 1) => at.hour().to_string(),
        ('H', 2) => format!("{twelve:02}"),
        ('H', 1) => twelve.to_string(),
        ('A', 2) => if at.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        ('a', 2) => if at.hour() < 12 { "am" } else { "pm" }.to_owned(),
        ('m', 2) => format!("{:02}", at.minute()),
        ('m', 1) => at.minute().to_string(),
        ('s', 2) => format!("{:02}", at.second()),
        ('s', 1) => at.second().to_string(),
        ('Z', 5) => zone(":"),
        ('Z', 4) => zone(""),
        ('Z', 3) if moment.minutes() == 0 => "UTC".to_owned(),
        ('Z', 3) => zone(""),
        ('Z', 1) if moment.minutes() == 0 => "Z".to_owned(),
        ('Z', 1) => zone(":"),
        _ => return None,
    })
}
