//! Functions that read files, all through the one door to the disk; and those that take paths apart.

use super::glob::Glob;
use super::hash::{digest, hex};
use super::{Call, Function, Parameter, Sees, function, text};
use crate::source::{ReadError, Span, join_path, normalize};
use crate::terraform::datum::{Datum, Evaluated, Fault, Kind, Sequence};
use crate::terraform::evaluator::relative;
use crate::terraform::{equality, template};
use crate::value::Reason;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

pub(super) const FUNCTIONS: &[Function] = &[
    function("abspath", &[Parameter::Text], Sees::Known, |call, a| {
        if text(&a, 0).starts_with('/') {
            return call.text(normalize(text(&a, 0)));
        }
        let below = normalize(text(&a, 0));
        let slash = if below.is_empty() { "" } else { "/" };
        let pieces =
            vec![call.evaluator.working_directory(call.span), Datum::string(format!("{slash}{below}"), call.span)];
        template::concatenate(call.evaluator, pieces, call.span)
    }),
    function("basename", &[Parameter::Text], Sees::All, |call, a| match a.first().map(|path| (path, &path.kind)) {
        Some((_, Kind::String(path))) => call.text(base_name(path)),
        // The last part of a path is known where the text behind its last unknown part holds a slash.
        Some((path, Kind::Template(parts))) => {
            match parts.last().and_then(Datum::as_str).filter(|end| end.contains('/')) {
                Some(end) => call.text(base_name(end)),
                None => Ok(call.opaque(path, &a)),
            }
        }
        Some((path, _)) => Ok(call.opaque(path, &a)),
        None => Err(call.invalid("one argument is required")),
    }),
    function("dirname", &[Parameter::Text], Sees::Known, |call, a| call.text(directory_name(text(&a, 0)))),
    function("file", &[Parameter::Text], Sees::Known, |call, a| {
        let bytes = read(call, text(&a, 0))?;
        call.text(String::from_utf8(bytes).map_err(|_| call.invalid("the file is no UTF-8 text"))?)
    }),
    function("filebase64", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(STANDARD.encode(read(call, text(&a, 0))?))
    }),
    function("filebase64sha256", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(STANDARD.encode(digest::<Sha256>(&read(call, text(&a, 0))?)))
    }),
    function("filebase64sha512", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(STANDARD.encode(digest::<Sha512>(&read(call, text(&a, 0))?)))
    }),
    function("fileexists", &[Parameter::Text], Sees::Known, |call, a| file_exists(call, text(&a, 0))),
    function("filemd5", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(hex(&digest::<Md5>(&read(call, text(&a, 0))?)))
    }),
    function("fileset", &[Parameter::Text, Parameter::Text], Sees::Known, |call, a| file_set(call, &a)),
    function("filesha1", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(hex(&digest::<Sha1>(&read(call, text(&a, 0))?)))
    }),
    function("filesha256", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(hex(&digest::<Sha256>(&read(call, text(&a, 0))?)))
    }),
    function("filesha512", &[Parameter::Text], Sees::Known, |call, a| {
        call.text(hex(&digest::<Sha512>(&read(call, text(&a, 0))?)))
    }),
    function("pathexpand", &[Parameter::Text], Sees::Known, |call, a| {
        if text(&a, 0).starts_with('~') {
            return Ok(call.unevaluated(&a));
        }
        call.text(text(&a, 0))
    }),
    function("templatefile", &[Parameter::Text, Parameter::Any], Sees::Elements, |call, a| template_file(call, &a)),
];

/// Terraform resolves paths from the root module's directory.
fn resolve(call: &Call<'_>, path: &str) -> String {
    let root = &call.evaluator.root;
    join_path(if root.is_empty() { "." } else { root }, path)
}

fn read(call: &Call<'_>, path: &str) -> Result<Vec<u8>, Box<Fault>> {
    call.evaluator.library.files.read_bytes(&resolve(call, path)).map_err(|error| unreadable(call, path, &error))
}

fn unreadable(call: &Call<'_>, path: &str, error: &ReadError) -> Box<Fault> {
    match error {
        ReadError::TooLarge(_) => Fault::new(Reason::TooLarge, path, call.span),
        ReadError::OutsideRoots => Fault::new(Reason::Outside, path, call.span),
        ReadError::NotFound | ReadError::NotUtf8 | ReadError::Failed(_) => {
            Fault::new(Reason::NotOnDisk, path, call.span)
        }
    }
}

fn file_exists(call: &Call<'_>, path: &str) -> Evaluated {
    match call.evaluator.library.files.read_bytes(&resolve(call, path)) {
        Ok(_) | Err(ReadError::TooLarge(_) | ReadError::NotUtf8) => Ok(Datum::bool(true, call.span)),
        Err(ReadError::NotFound) => Ok(Datum::bool(false, call.span)),
        Err(error) => Ok(unreadable(call, path, &error).into_datum()),
    }
}

/// The files that the pattern, which may lead out of the directory again, finds; as seen from the directory.
fn file_set(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let from = normalize(text(arguments, 0));
    let pattern = normalize(&format!("{}/{}", text(arguments, 0), text(arguments, 1)));
    let glob = Glob::new(&pattern).ok_or_else(|| call.invalid("the pattern is not valid"))?;
    let directory = resolve(call, &glob.directory);
    let files = call.evaluator.library.files;
    let found = match &glob.rest {
        None => match files.read_bytes(&directory) {
            Ok(_) | Err(ReadError::TooLarge(_) | ReadError::NotUtf8) => vec![String::new()],
            Err(ReadError::NotFound | ReadError::Failed(_)) => Vec::new(),
            Err(error) => return Err(unreadable(call, text(arguments, 0), &error)),
        },
        Some(rest) => {
            let walked = files.walk(if directory.is_empty() { "." } else { &directory });
            let mut found = match walked {
                Ok(found) => found,
                Err(ReadError::NotFound) => Vec::new(),
                Err(error) => return Err(unreadable(call, text(arguments, 0), &error)),
            };
            call.evaluator.charge(found.len(), call.span)?;
            found.retain(|path| rest.is_match(path));
            found
        }
    };
    let seen = |path: &String| relative(&from, &normalize(&format!("{}/{path}", glob.directory)));
    let items = found.iter().map(|path| Datum::string(seen(path), call.span));
    Ok(Datum::sequence(Sequence::Set, equality::set_items(items.collect()), call.span))
}

fn template_file(call: &Call<'_>, arguments: &[Datum]) -> Evaluated {
    let path = text(arguments, 0);
    let bytes = read(call, path)?;
    let source = String::from_utf8(bytes).map_err(|_| call.invalid("the file is no UTF-8 text"))?;
    let source = source.strip_prefix('\u{feff}').unwrap_or(&source);
    let file = call.evaluator.library.sources.add(&resolve(call, path), source);
    let place = Span::new(file, 0, source.len());
    let variables = arguments.get(1).cloned().unwrap_or_else(|| Datum::null(call.span));
    if let Some(name) = variables.entries().and_then(|entries| entries.keys().find(|name| !is_identifier(name))) {
        return Err(call.invalid(format!("\"{name}\" is no name of a template's variable")));
    }
    super::string::render(call, source, &variables, place)
}

/// Source: `hclsyntax.ValidIdentifier`.
fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
}

fn base_name(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/" } else { trimmed.rsplit('/').next().unwrap_or(trimmed) }
}

fn directory_name(path: &str) -> String {
    match path.rfind('/') {
        None => ".".to_owned(),
        Some(at) => {
            let cleaned = normalize(path.get(..=at).unwrap_or(path));
            if cleaned.is_empty() { ".".to_owned() } else { cleaned }
        }
    }
}
