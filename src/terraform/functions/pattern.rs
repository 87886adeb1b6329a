//! Regular expressions in Go's dialect: read, and written again in that of the `regex` crate.

use super::Call;
use crate::terraform::datum::{Datum, Entries, Fault};
use regex::{Captures, Regex, RegexBuilder};
use std::iter::Peekable;
use std::str::Chars;

/// Bytes of a compiled expression.
const LARGEST_PROGRAM: usize = 1 << 20;

/// The number of times that a repetition may ask for.
const MOST_TIMES: u32 = 1_000;

pub(super) struct Pattern {
    pub(super) regex: Regex,
    /// The name of each group, where it has one.
    names: Vec<Option<String>>,
}

impl Pattern {
    pub(super) fn compile(call: &Call<'_>, source: &str) -> Result<Self, Box<Fault>> {
        let wrong = || call.invalid("the pattern is no valid regular expression");
        let mut reader = Reader { rest: source.chars().peekable(), written: String::new(), names: Vec::new() };
        reader.read().ok_or_else(wrong)?;
        let regex = RegexBuilder::new(&reader.written).size_limit(LARGEST_PROGRAM).build().map_err(|_| wrong())?;
        Ok(Self { regex, names: reader.names })
    }

    /// Named groups make an object, unnamed ones a tuple, none the text itself; Terraform refuses both in one.
    pub(super) fn check_groups(&self, call: &Call<'_>) -> Result<(), Box<Fault>> {
        let named = self.names.iter().filter(|name| name.is_some()).count();
        if named > 0 && named < self.names.len() {
            return Err(call.invalid("some groups have a name and some have none"));
        }
        Ok(())
    }

    pub(super) fn captured(&self, call: &Call<'_>, captures: &Captures<'_>) -> Datum {
        let of = |group: usize| match captures.get(group) {
            Some(group) => Datum::string(group.as_str(), call.span),
            None => Datum::null(call.span),
        };
        if self.names.is_empty() {
            return of(0);
        }
        if self.names.iter().any(Option::is_some) {
            let named = self.names.iter().enumerate();
            let entries = named.filter_map(|(at, name)| Some((name.as_deref()?.into(), of(at + 1))));
            return Datum::object(entries.collect::<Entries>(), call.span);
        }
        Datum::tuple((1..=self.names.len()).map(of).collect(), call.span)
    }

    /// All matches replaced by a template in which `$1` and `${name}` stand for groups.
    pub(super) fn replace_all(&self, call: &Call<'_>, source: &str, template: &str) -> Result<String, Box<Fault>> {
        let parts = self.template(template);
        let mut replaced = String::new();
        let mut end = 0;
        for captures in self.regex.captures_iter(source) {
            let Some(whole) = captures.get(0) else { continue };
            let before = replaced.len();
            replaced.push_str(source.get(end..whole.start()).unwrap_or_default());
            for part in &parts {
                replaced.push_str(match part {
                    Part::Literal(text) => text,
                    Part::Group(group) => captures.get(*group).map_or("", |group| group.as_str()),
                });
            }
            call.evaluator.charge_text(replaced.len() - before, call.span)?;
            end = whole.end();
        }
        replaced.push_str(source.get(end..).unwrap_or_default());
        Ok(replaced)
    }

    fn template<'t>(&self, template: &'t str) -> Vec<Part<'t>> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((literal, after)) = rest.split_once('$') {
            parts.push(Part::Literal(literal));
            let braced = after.strip_prefix('{').unwrap_or(after);
            let letters = braced.find(|c: char| !(c.is_alphabetic() || c.is_ascii_digit() || c == '_'));
            let (name, behind) = braced.split_at(letters.unwrap_or(braced.len()));
            let behind = if after.starts_with('{') { behind.strip_prefix('}') } else { Some(behind) };
            match behind {
                _ if after.starts_with('$') => {
                    parts.push(Part::Literal("$"));
                    rest = after.strip_prefix('$').unwrap_or(after);
                }
                Some(behind) if !name.is_empty() => {
                    parts.extend(self.group(name).map(Part::Group));
                    rest = behind;
                }
                _ => {
                    parts.push(Part::Literal("$"));
                    rest = after;
                }
            }
        }
        parts.push(Part::Literal(rest));
        parts
    }

    /// The group of a number, which has no leading zero, or of a name.
    fn group(&self, name: &str) -> Option<usize> {
        let plain = name == "0" || !name.starts_with('0');
        match name.parse().ok().filter(|_| plain) {
            Some(number) => (number <= self.names.len()).then_some(number),
            None => self.names.iter().position(|of| of.as_deref() == Some(name)).map(|at| at + 1),
        }
    }
}

enum Part<'t> {
    Literal(&'t str),
    Group(usize),
}

/// Each step gives `None` where Go refuses the pattern; what both dialects refuse is left to the other.
struct Reader<'p> {
    rest: Peekable<Chars<'p>>,
    written: String,
    names: Vec<Option<String>>,
}

const DIGITS: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\t\n\f\r ";

impl Reader<'_> {
    fn read(&mut self) -> Option<()> {
        // Whether the last thing read was a repetition, which may not be repeated.
        let mut repeated = false;
        while let Some(c) = self.rest.next() {
            let repeats = match c {
                '*' | '+' | '?' => {
                    self.written.push(c);
                    true
                }
                '{' => match self.times() {
                    Some(times) => {
                        self.written.push_str(&times?);
                        true
                    }
                    None => {
                        self.literal('{');
                        false
                    }
                },
                '\\' => {
                    self.escape(false)?;
                    false
                }
                '[' => {
                    self.class()?;
                    false
                }
                '(' => {
                    self.group()?;
                    false
                }
                '.' | '^' | '$' | '|' | ')' => {
                    self.written.push(c);
                    false
                }
                c => {
                    self.literal(c);
                    false
                }
            };
            if repeats && repeated {
                return None;
            }
            if repeats && self.rest.next_if_eq(&'?').is_some() {
                self.written.push('?');
            }
            repeated = repeats;
        }
        Some(())
    }

    fn literal(&mut self, c: char) {
        let mut text = [0; 4];
        self.written.push_str(&regex::escape(c.encode_utf8(&mut text)));
    }

    /// What stands behind a brace if it is a repetition: `{2}`, `{2,}`, `{2,3}`; `Some(None)` if it asks for too much.
    fn times(&mut self) -> Option<Option<String>> {
        let text: String = self.rest.clone().take_while(|c| *c != '}').take(16).collect();
        if self.rest.clone().nth(text.chars().count()) != Some('}') {
            return None;
        }
        let (least, most) = text.split_once(',').map_or((&*text, None), |(least, most)| (least, Some(most)));
        let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let leading = |digits: &str| digits.len() > 1 && digits.starts_with('0');
        if !plain(least)
            || leading(least)
            || most.is_some_and(|most| !most.is_empty() && (!plain(most) || leading(most)))
        {
            return None;
        }
        self.rest.by_ref().take(text.len() + 1).for_each(drop);
        let fits = |digits: &str| digits.parse::<u32>().is_ok_and(|times| times <= MOST_TIMES);
        let fits = fits(least) && most.is_none_or(|most| most.is_empty() || fits(most));
        Some(fits.then(|| format!("{{{text}}}")))
    }

    /// What stands behind a parenthesis that opens: a group's name, or flags.
    fn group(&mut self) -> Option<()> {
        self.written.push('(');
        if self.rest.next_if_eq(&'?').is_none() {
            self.names.push(None);
            return Some(());
        }
        if self.rest.next_if_eq(&'P').is_some() || self.rest.peek() == Some(&'<') {
            self.rest.next_if_eq(&'<')?;
            let mut name = String::new();
            while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                name.push(c);
            }
            self.rest.next_if_eq(&'>')?;
            if name.is_empty() {
                return None;
            }
            self.names.push(Some(name));
            return Some(());
        }
        self.written.push('?');
        for flag in self.rest.by_ref() {
            self.written.push(flag);
            match flag {
                ':' | ')' => return Some(()),
                'i' | 'm' | 's' | 'U' | '-' => {}
                _ => return None,
            }
        }
        None
    }

    /// What stands behind a backslash. Letters that stand for classes stand for ASCII only.
    fn escape(&mut self, in_class: bool) -> Option<()> {
        let c = self.rest.next()?;
        let class = |of: &str, not: &str| format!("[{not}{of}]");
        match c {
            'd' => self.written.push_str(&class(DIGITS, "")),
            'D' => self.written.push_str(&class(DIGITS, "^")),
            's' => self.written.push_str(&class(SPACE, "")),
            'S' => self.written.push_str(&class(SPACE, "^")),
            'w' => self.written.push_str(&class(WORD, "")),
            'W' => self.written.push_str(&class(WORD, "^")),
            'b' | 'B' if !in_class => self.written.push_str(&format!("(?-u:\\{c})")),
            'A' | 'z' if !in_class => self.written.extend(['\\', c]),
            'p' | 'P' => self.written.extend(['\\', c]),
            'Q' if !in_class => self.quoted(),
            _ => {
                let character = self.escaped(c)?;
                self.literal(character);
            }
        }
        if matches!(c, 'p' | 'P') {
            let named = self.rest.next()?;
            self.written.push(named);
            if named == '{' {
                while let Some(c) = self.rest.next_if(|c| *c != '}') {
                    self.written.push(c);
                }
                self.written.push(self.rest.next()?);
            }
        }
        Some(())
    }

    /// `\Q...\E`
    fn quoted(&mut self) {
        while let Some(c) = self.rest.next() {
            if c == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return;
            }
            self.literal(c);
        }
    }

    /// The one character that an escape stands for.
    fn escaped(&mut self, c: char) -> Option<char> {
        let code = match c {
            'a' => 7,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            // A single digit would refer back to a group.
            '1'..='7' if !self.rest.peek().is_some_and(|next| next.is_digit(8)) => return None,
            '0'..='7' => self.digits(8, 2, c.to_digit(8)?),
            'x' if self.rest.next_if_eq(&'{').is_some() => {
                let code = self.digits(16, 8, 0);
                self.rest.next_if_eq(&'}')?;
                code
            }
            'x' => {
                let (high, low) = (self.rest.next()?.to_digit(16)?, self.rest.next()?.to_digit(16)?);
                high * 16 + low
            }
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => u32::from(c),
            _ => return None,
        };
        char::from_u32(code)
    }

    fn digits(&mut self, radix: u32, most: usize, start: u32) -> u32 {
        let mut code = start;
        for _ in 0..most {
            let Some(digit) = self.rest.next_if(|c| c.is_digit(radix)).and_then(|c| c.to_digit(radix)) else { break };
            code = code.saturating_mul(radix).saturating_add(digit);
        }
        code
    }

    /// A class in brackets, in which only Go's own names of classes have a meaning.
    fn class(&mut self) -> Option<()> {
        self.written.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.written.push('^');
        }
        let mut first = true;
        while let Some(c) = self.rest.next() {
            match c {
                ']' if !first => {
                    self.written.push(']');
                    return Some(());
                }
                '[' if self.rest.peek() == Some(&':') && self.named_class() => {}
                '\\' if self.rest.peek().is_some_and(|c| "dDsSwWpP".contains(*c)) => self.escape(true)?,
                c => self.range(c)?,
            }
            first = false;
        }
        None
    }

    /// A character in a class that stands for itself, or a range that begins with it.
    fn range(&mut self, first: char) -> Option<()> {
        let first = self.class_character(first)?;
        self.literal(first);
        let mut ahead = self.rest.clone();
        if ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']') {
            self.rest.next();
            let c = self.rest.next()?;
            let last = self.class_character(c)?;
            self.written.push('-');
            self.literal(last);
        }
        Some(())
    }

    fn class_character(&mut self, c: char) -> Option<char> {
        if c != '\\' {
            return Some(c);
        }
        let escaped = self.rest.next()?;
        self.escaped(escaped)
    }

    /// `[:alpha:]`
    fn named_class(&mut self) -> bool {
        let inner: String = self.rest.clone().skip(1).take_while(|c| *c != ':').take(8).collect();
        let length = inner.chars().count();
        let closed = self.rest.clone().skip(1 + length).take(2).eq(":]".chars());
        if closed {
            self.written.push_str(&format!("[:{inner}:]"));
            self.rest.by_ref().take(length + 3).for_each(drop);
        }
        closed
    }
}
