//! Functions over text.

use super::pattern::Pattern;
use super::{Call, Function, Parameter, Sees, function, integer, text, variadic};
use crate::terraform::datum::{Datum, Evaluated, Kind};
use crate::terraform::evaluator::{Binding, Env};
use crate::terraform::{hcl, template};
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation as _;

pub(super) const FUNCTIONS: &[Function] = &[
    function("chomp", &[Parameter::Text], Sees::Known, |call, a| call.text(text(&a, 0).trim_end_matches(['\n', '\r']))),
    function("endswith", &[Parameter::Text, Parameter::Text], Sees::All, |call, a| ends_with(call, &a)),
    function("indent", &[Parameter::Number, Parameter::Text], Sees::Known, |call, a| indent(call, &a)),
    variadic("join", &[Parameter::Text], Parameter::Texts, Sees::All, |call, a| join(call, &a)),
    function("lower", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(text(&a, 0).chars().map(lower).collect::<String>())
    }),
    function("upper", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(text(&a, 0).chars().map(upper).collect::<String>())
    }),
    function("regex", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| regex_first(call, &a)),
    function("regexall", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| regex_all(call, &a)),
    function("replace", &[Parameter::Text, Parameter::Text, Parameter::Text], Sees::All, |call, a| replace(call, &a)),
    function("split", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| split(call, &a)),
    function("startswith", &[Parameter::Text, Parameter::Text], Sees::All, |call, a| starts_with(call, &a)),
    function("strcontains", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| {
        Ok(Datum::bool(text(&a, 0).contains(text(&a, 1)), call.span))
    }),
    function("strrev", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(characters(text(&a, 0)).into_iter().rev().collect::<String>())
    }),
    function("substr", &[Parameter::Text, Parameter::Number, Parameter::Number], Sees::Known, |call, a| {
        substr(call, &a)
    }),
    function("title", &[Parameter::Text], Sees::Known, |call, a| call.text(title(text(&a, 0)))),
    function("trim", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| {
        let cut: Vec<char> = text(&a, 1).chars().collect();
        call.text(text(&a, 0).trim_matches(cut.as_slice()))
    }),
    function("trimprefix", &[Parameter::Text, Parameter::Text], Sees::All, |call, a| trim_prefix(call, &a)),
    function("trimspace", &[Parameter::Text], Sees::Known, |call, a| call.text(text(&a, 0).trim())),
    function("trimsuffix", &[Parameter::Text, Parameter::Text], Sees::All, |call, a| trim_suffix(call, &a)),
    function("templatestring", &[Parameter::Text, Parameter::Any], Sees::All, |call, a| {
        match (a.first().and_then(Datum::as_str), a.get(1)) {
            (Some(source), Some(variables)) => render(call, source, variables, call.span),
            (None, Some(_)) => Ok(a.first().map_or_else(|| Datum::null(call.span), |cause| call.opaque(cause, &a))),
            _ => Err(call.invalid("two arguments are required")),
        }
    }),
];

/// User-perceived characters.
pub(super) fn characters(text: &str) -> Vec<&str> {
    text.graphemes(true).collect()
}

/// Renders a template text with only the given variables in reach.
pub(super) fn render(call: &Call<'_>, source: &str, variables: &Datum, place: crate::source::Span) -> Evaluated {
    let file = place.file;
    let parts =
        hcl::parse_template(file, source, place.start as usize).map_err(|problem| call.invalid(problem.message))?;
    let Some(entries) = variables.entries() else {
        if variables.is_unknown() {
            return Ok(call.opaque(variables, std::slice::from_ref(variables)));
        }
        return Err(call.invalid("an object of variables is required"));
    };
    render_bound(call, &parts, &entries.iter().collect::<Vec<_>>(), None, place)
}

/// Binds one variable after the other, each holding the ones before.
fn render_bound(
    call: &Call<'_>,
    parts: &[crate::terraform::ast::Part],
    rest: &[(&Arc<str>, &Datum)],
    outer: Option<&Binding<'_>>,
    place: crate::source::Span,
) -> Evaluated {
    match rest.split_first() {
        Some(((name, value), rest)) => {
            let binding = Binding { name, value: (*value).clone(), outer };
            call.evaluator.bounded(place, || render_bound(call, parts, rest, Some(&binding), place))
        }
        None => {
            let empty = call.evaluator.isolated();
            let repetition = crate::terraform::evaluator::Repetition::default();
            let env = Env { scope: &empty, repetition: &repetition, bindings: outer };
            call.evaluator.template(parts, env, place)
        }
    }
}

fn starts_with(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let [whole, prefix] = arguments else { return Err(call.invalid("two arguments are required")) };
    match (&whole.kind, prefix.as_str()) {
        (Kind::String(whole), Some(prefix)) => Ok(Datum::bool(whole.starts_with(prefix), call.span)),
        (Kind::Template(parts), Some(prefix)) => {
            let known = parts.first().and_then(Datum::as_str).unwrap_or_default();
            if known.starts_with(prefix) {
                Ok(Datum::bool(true, call.span))
            } else if prefix.starts_with(known) {
                Ok(call.opaque(whole, arguments))
            } else {
                Ok(Datum::bool(false, call.span))
            }
        }
        _ => Ok(call.opaque(if whole.is_unknown() { whole } else { prefix }, arguments)),
    }
}

fn ends_with(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let [whole, suffix] = arguments else { return Err(call.invalid("two arguments are required")) };
    match (&whole.kind, suffix.as_str()) {
        (Kind::String(whole), Some(suffix)) => Ok(Datum::bool(whole.ends_with(suffix), call.span)),
        (Kind::Template(parts), Some(suffix)) => {
            let known = parts.last().and_then(Datum::as_str).unwrap_or_default();
            if known.ends_with(suffix) {
                Ok(Datum::bool(true, call.span))
            } else if suffix.ends_with(known) {
                Ok(call.opaque(whole, arguments))
            } else {
                Ok(Datum::bool(false, call.span))
            }
        }
        _ => Ok(call.opaque(if whole.is_unknown() { whole } else { suffix }, arguments)),
    }
}

fn indent(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let spaces = usize::try_from(integer(call, arguments, 0)?).map_err(|_| call.invalid("the number is negative"))?;
    let source = text(arguments, 1);
    let lines = source.matches('\n').count();
    call.evaluator.charge_text(spaces.saturating_mul(lines.max(1)), call.span)?;
    call.text(source.replace('\n', &format!("\n{}", " ".repeat(spaces))))
}

fn join(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let Some((separator, lists)) = arguments.split_first() else { return Err(call.invalid("a separator is required")) };
    if lists.is_empty() {
        return Err(call.invalid("at least one list is required"));
    }
    if let Some(unknown) = lists.iter().find(|list| list.is_unknown()) {
        return Ok(call.opaque(unknown, arguments));
    }
    let mut pieces = Vec::new();
    for item in lists.iter().flat_map(|list| list.items().unwrap_or(&[])) {
        if item.is_null() {
            return Err(call.invalid("an element is null"));
        }
        if !pieces.is_empty() {
            pieces.push(separator.clone());
        }
        pieces.push(item.clone());
    }
    template::concatenate(call.evaluator, pieces, call.span)
}

fn regex_first(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let pattern = Pattern::compile(call, text(arguments, 0))?;
    pattern.check_groups(call)?;
    match pattern.regex.captures(text(arguments, 1)) {
        Some(captures) => Ok(pattern.captured(call, &captures)),
        None => Err(call.invalid("the pattern does not match")),
    }
}

fn regex_all(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let pattern = Pattern::compile(call, text(arguments, 0))?;
    pattern.check_groups(call)?;
    let mut found = Vec::new();
    for captures in pattern.regex.captures_iter(text(arguments, 1)) {
        call.evaluator.charge(captures.len(), call.span)?;
        found.push(pattern.captured(call, &captures));
    }
    Ok(Datum::list(found, call.span))
}

fn replace(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let [whole, search, replacement] = arguments else { return Err(call.invalid("three arguments are required")) };
    let (Some(search), Some(replacement)) = (search.as_str(), replacement.as_str()) else {
        let cause = arguments.iter().find(|argument| argument.is_unknown()).unwrap_or(whole);
        return Ok(call.opaque(cause, arguments));
    };
    let pattern = search.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|_| search.len() > 1);
    match whole.as_str() {
        Some(source) => {
            let replaced = match pattern {
                Some(pattern) => Pattern::compile(call, pattern)?.replace_all(call, source, replacement)?,
                None => {
                    let times = if search.is_empty() { source.len() + 1 } else { source.matches(search).count() };
                    call.evaluator.charge_text(times.saturating_mul(replacement.len()), call.span)?;
                    source.replace(search, replacement)
                }
            };
            call.text(replaced)
        }
        None => Ok(replace_in_unknown(call, arguments, search, pattern.is_some(), replacement)),
    }
}

/// Cutting the scheme off an address leaves its reference in sight; other replacements hide it.
fn replace_in_unknown(call: &Call<'_>, arguments: &[Datum], search: &str, pattern: bool, with: &str) -> Datum {
    let Some(whole) = arguments.first() else { return Datum::null(call.span) };
    match &whole.kind {
        Kind::Template(parts) if !pattern && !search.is_empty() => {
            let known: Vec<Option<&str>> = parts.iter().map(Datum::as_str).collect();
            let found = known.iter().flatten().any(|text| text.contains(search));
            if !found || !cuts_address(search) {
                return call.opaque(whole, arguments);
            }
            let replaced = parts.iter().map(|part| match part.as_str() {
                Some(text) => part.with_kind(Kind::String(text.replace(search, with).into())),
                None => part.clone(),
            });
            let kept: Vec<Datum> = replaced.filter(|part| part.as_str() != Some("")).collect();
            whole.with_kind(Kind::Template(Arc::new(kept)))
        }
        Kind::Reference(_) if with.is_empty() && cuts_address(search) => {
            whole.with_kind(Kind::Template(Arc::new(vec![whole.clone()])))
        }
        _ => call.opaque(whole, arguments),
    }
}

fn cuts_address(search: &str) -> bool {
    search.contains("://") || search.contains(":\\/\\/") || matches!(search, "/" | "/$" | ".")
}

fn trim_prefix(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    trim_end(call, arguments, |whole, cut| whole.strip_prefix(cut).unwrap_or(whole))
}

fn trim_suffix(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    trim_end(call, arguments, |whole, cut| whole.strip_suffix(cut).unwrap_or(whole))
}

fn trim_end(call: &Call<'_>, arguments: &[Datum], trim: for<'t> fn(&'t str, &str) -> &'t str) -> Evaluated {
    match (arguments.first(), arguments.get(1).and_then(Datum::as_str)) {
        (Some(whole), Some(cut)) => match whole.as_str() {
            Some(source) => call.text(trim(source, cut)),
            None => Ok(replace_in_unknown(call, arguments, cut, false, "")),
        },
        (Some(whole), None) => Ok(call.opaque(arguments.get(1).unwrap_or(whole), arguments)),
        (None, _) => Err(call.invalid("two arguments are required")),
    }
}

fn split(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let (separator, source) = (text(arguments, 0), text(arguments, 1));
    let parts: Vec<&str> = match (source, separator) {
        ("", "") => Vec::new(),
        ("", _) => vec![""],
        (_, "") => source.split("").filter(|part| !part.is_empty()).collect(),
        _ => source.split(separator).collect(),
    };
    call.evaluator.charge(parts.len(), call.span)?;
    Ok(Datum::list(parts.into_iter().map(|part| Datum::string(part, call.span)).collect(), call.span))
}

fn substr(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let letters = characters(text(arguments, 0));
    let (offset, length) = (integer(call, arguments, 1)?, integer(call, arguments, 2)?);
    let total = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    // A negative offset makes a length of zero mean "to the end".
    let length = if offset < 0 && length == 0 { -1 } else { length };
    let start = if offset < 0 { (total + offset).max(0) } else { offset.min(total) };
    let end = if length < 0 { total } else { start.saturating_add(length).min(total) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    call.text(letters.get(range).unwrap_or(&[]).concat())
}

/// The one letter that Unicode gives for it without regard to others, where there is one.
fn one_letter(c: char, mut cased: impl ExactSizeIterator<Item = char>) -> char {
    if cased.len() == 1 { cased.next().unwrap_or(c) } else { c }
}

fn upper(c: char) -> char {
    one_letter(c, c.to_uppercase())
}

fn lower(c: char) -> char {
    if c == 'İ' { 'i' } else { one_letter(c, c.to_lowercase()) }
}

/// Letters that are written as two have a form of their own where only the first is a capital.
fn title_case(c: char) -> char {
    match c {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        _ => upper(c),
    }
}

/// Go's notion of words: beyond ASCII only white space separates them.
fn title(source: &str) -> String {
    let mut start = true;
    let titled = source.chars().map(|c| {
        let cased = if start { title_case(c) } else { c };
        start = if c.is_ascii() { !(c.is_ascii_alphanumeric() || c == '_') } else { c.is_whitespace() };
        cased
    });
    titled.collect()
}
